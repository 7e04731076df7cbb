package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Optional;

/** The program that takes an account's SSH keys; without it they let nobody in. */
public final class SshServer {
  private static final List<String> DIRECTORIES =
      List.of("/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/", "/usr/local/sbin/");
  private static final List<String> PROGRAMS = List.of("sshd", "dropbear");

  private SshServer() {}

  /** Of a system without one, a sentence that says what to install; empty where there is one. */
  public static Optional<String> missingIn(TreeView tree) {
    boolean isThere =
        DIRECTORIES.stream()
            .anyMatch(
                directory -> PROGRAMS.stream().anyMatch(name -> tree.isFile(directory + name)));
    return isThere ? Optional.empty() : Optional.of(Distribution.of(tree).toGetSshServer());
  }
}
