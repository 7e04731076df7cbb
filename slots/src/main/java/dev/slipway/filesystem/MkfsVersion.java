package dev.slipway.filesystem;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which mkfs this is: it refuses flags for features that it does not know. */
record MkfsVersion(int major, int minor) {

  private static final Pattern NUMBER = Pattern.compile("(\\d+)\\.(\\d+)");

  static MkfsVersion of(Path program) {
    // mkfs.xfs prints it on its standard output, mkfs.ext4 on the other.
    Command.Result result = Command.of(program.toString(), "-V").run();
    Matcher number = NUMBER.matcher(result.out() + result.err());
    if (!number.find()) {
      throw new OperatorError(program + " -V does not print a version.");
    }
    return new MkfsVersion(Integer.parseInt(number.group(1)), Integer.parseInt(number.group(2)));
  }

  boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }
}
