package dev.slipway.linux;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One line of /proc/self/mountinfo, see proc(5).
 *
 * @param device major and minor of the file system, such as {@code 254:1}
 * @param root which directory of the file system is shown: {@code /}, or another for a bind mount
 * @param target where
 * @param options of this mount, such as {@code ro} and {@code nosuid}
 * @param type of the file system
 * @param source the device or word it was mounted from
 */
public record MountPoint(
    String device, String root, Path target, List<String> options, String type, String source) {

  static MountPoint parse(String line) {
    String[] halves = line.split(" - ", 2);
    String[] mount = halves[0].split(" ", -1);
    String[] fileSystem = halves[1].split(" ", -1);
    return new MountPoint(
        mount[2],
        unescape(mount[3]),
        Path.of(unescape(mount[4])),
        Arrays.asList(mount[5].split(",", -1)),
        fileSystem[0],
        unescape(fileSystem[1]));
  }

  // Space, tab, newline and backslash come as three octal digits.
  private static String unescape(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
