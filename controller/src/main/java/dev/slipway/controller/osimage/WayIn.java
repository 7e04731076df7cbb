package dev.slipway.controller.osimage;

/**
 * An image without any account that somebody can log in to is as it should be: users are the
 * host's. It is said all the same, for a host that has none either is one that nobody can live in.
 */
final class WayIn implements Check {
  static final String NAME = "way-in";

  private static final String PASSWD = "/etc/passwd";
  private static final String SHADOW = "/etc/shadow";
  private static final int USER = 0;
  private static final int PASSWORD = 1;
  private static final int HOME = 5;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    if (!isIn(tree)) {
      changes.noted(
          SshServer.missingIn(tree)
              .map(
                  toInstall ->
                      "No account of the image has a password, and it has no SSH server, so only"
                          + " users to whom disk.yml gives a password hash can log in. "
                          + toInstall)
              .orElse(
                  "No account of the image has a password or an SSH key, so only users that"
                      + " disk.yml gives the host can log in."));
    }
  }

  /**
   * Whether an account has a password, an empty one too, or SSH keys and there is a server that
   * takes them.
   */
  static boolean isIn(OsTree tree) {
    boolean takesKeys = SshServer.missingIn(tree).isEmpty();
    return tree.read(SHADOW).orElse("").lines().anyMatch(WayIn::hasPassword)
        || tree.read(PASSWD)
            .orElse("")
            .lines()
            .anyMatch(line -> hasPasswordItself(line) || (takesKeys && hasKeys(tree, line)));
  }

  /** In /etc/passwd an x says that /etc/shadow has it (passwd(5)). */
  private static boolean hasPasswordItself(String line) {
    String[] fields = line.split(":", -1);
    return hasPassword(line) && !fields[PASSWORD].equals("x");
  }

  /** shadow(5): what starts with * or ! is no hash of any password. */
  private static boolean hasPassword(String line) {
    String[] fields = line.split(":", -1);
    return fields.length > PASSWORD
        && EmptyPasswords.isUser(fields[USER])
        && !fields[PASSWORD].startsWith("*")
        && !fields[PASSWORD].startsWith("!");
  }

  private static boolean hasKeys(OsTree tree, String line) {
    String[] fields = line.split(":", -1);
    return fields.length > HOME
        && fields[HOME].startsWith("/")
        && tree.read(fields[HOME] + "/.ssh/authorized_keys")
            .orElse("")
            .lines()
            .map(String::strip)
            .anyMatch(key -> !key.isEmpty() && !key.startsWith("#"));
  }
}
