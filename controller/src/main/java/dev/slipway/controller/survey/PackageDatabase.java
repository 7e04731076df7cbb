package dev.slipway.controller.survey;

import dev.slipway.filesystem.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the versions of a few packages out of the database of a system's package manager. Versions
 * are those of the programs' authors: the packager's revision is cut off.
 */
enum PackageDatabase {
  /** Stanzas of {@code Package}, {@code Status} and {@code Version} (deb-control(5)). */
  DPKG {
    @Override
    InstalledPackages read(InputStream content, Set<String> packages) throws IOException {
      return stanzas(content, packages, "Package: ", "Version: ");
    }
  },
  /** Stanzas of {@code P:} and {@code V:} (apk-v2(5), "Installed database"). */
  APK {
    @Override
    InstalledPackages read(InputStream content, Set<String> packages) throws IOException {
      return stanzas(content, packages, "P:", "V:");
    }
  },
  /**
   * Headers that hold name, version and release as texts, one after the other, each with a zero
   * byte behind it (RPM file format, "Header"). That is all that is looked for, so that the three
   * kinds of database that rpm has had do not matter. A name without a version behind it is one in
   * a list of dependencies. What was deleted may still lie there, so the oldest version counts.
   */
  RPM {
    @Override
    InstalledPackages read(InputStream content, Set<String> packages) throws IOException {
      Pattern header =
          Pattern.compile(
              "\0("
                  + String.join("|", packages)
                  + ")\0([0-9][0-9A-Za-z.~^+_]{0,40})\0[0-9][0-9A-Za-z.~^+_]{0,60}\0");
      Map<String, String> found = new HashMap<>();
      byte[] window = new byte[WINDOW];
      int kept = 0;
      for (int count = content.readNBytes(window, 0, WINDOW);
          count > 0;
          count = content.readNBytes(window, kept, WINDOW - kept)) {
        int filled = kept + count;
        Matcher match = header.matcher(new String(window, 0, filled, StandardCharsets.ISO_8859_1));
        while (match.find()) {
          found.merge(match.group(1), match.group(2), PackageDatabase::older);
        }
        kept = Math.min(OVERLAP, filled);
        System.arraycopy(window, filled - kept, window, 0, kept);
      }
      return new InstalledPackages(false, found);
    }
  };

  private static final int WINDOW = 1 << 20;

  /** More than one match is long. */
  private static final int OVERLAP = 256;

  /** Of a whole desktop they are a fourth of that; what is behind it is not looked at. */
  private static final int LONGEST = 16 << 20;

  /**
   * The versions of those packages that are installed.
   *
   * @param packages plain names
   */
  abstract InstalledPackages read(InputStream content, Set<String> packages) throws IOException;

  private static InstalledPackages stanzas(
      InputStream content, Set<String> packages, String nameKey, String versionKey)
      throws IOException {
    Map<String, String> found = new HashMap<>();
    byte[] start = content.readNBytes(LONGEST);
    boolean whole = content.read() < 0;
    String name = "";
    String version = "";
    boolean installed = true;
    for (String line : new String(start, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (line.isEmpty()) {
        name = "";
        version = "";
        installed = true;
      } else if (line.startsWith(nameKey)) {
        name = line.substring(nameKey.length()).strip();
      } else if (line.startsWith(versionKey)) {
        version = line.substring(versionKey.length()).strip();
      } else if (line.startsWith("Status: ")) {
        installed = line.endsWith(" installed");
      }
      if (installed && !version.isEmpty() && packages.contains(name)) {
        found.put(name, version.replaceFirst("^[0-9]+:", "").replaceFirst("-.*", ""));
      }
    }
    return new InstalledPackages(whole, found);
  }

  private static String older(String one, String two) {
    return new Version(one).isAtLeast(new Version(two)) ? two : one;
  }
}
