package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Optional;

/**
 * What can be seen of a system's tree, whether it is unpacked or not. Paths are absolute, and links
 * lead to where they would in the running system.
 */
public interface TreeView {
  /** The names in a directory, sorted; none when there is no such directory. */
  List<String> names(String directory);

  /** Whether the path leads to a regular file, through links too. */
  boolean isFile(String path);

  /** The contents of the file that the path leads to, if it does lead to one that can be seen. */
  Optional<String> read(String path);
}
