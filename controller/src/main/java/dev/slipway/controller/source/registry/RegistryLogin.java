package dev.slipway.controller.source.registry;

/** What a registry is shown so that it gives what not everybody may have. Texts never show it. */
sealed interface RegistryLogin {

  /** A user and their password, or an access token in its place. */
  record Password(String user, String password) implements RegistryLogin {
    @Override
    public String toString() {
      return "the login of a user";
    }
  }

  /** What a token service gave for a login (OAuth's refresh token). */
  record IdentityToken(String token) implements RegistryLogin {
    @Override
    public String toString() {
      return "an identity token";
    }
  }
}
