package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.source.registry.RegistryLogin.IdentityToken;
import dev.slipway.controller.source.registry.RegistryLogin.Password;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With real helper programs. */
class RegistryCredentialsTest {
  private static final String SECRET = "s3cr:et";
  private static final Password LOGIN = new Password("ada", SECRET);

  @TempDir private Path directory;

  private Optional<RegistryLogin> login(String config, String server) throws IOException {
    Files.writeString(directory.resolve("config.json"), config);
    return new RegistryCredentials(directory, "/nowhere:" + directory).login(server);
  }

  private static String auth() {
    return Base64.getEncoder().encodeToString(TestImage.utf8("ada:" + SECRET));
  }

  /** A helper that notes what it was asked, and answers as the script says. */
  private void helper(String name, String script) throws IOException {
    Path file = directory.resolve("docker-credential-" + name);
    Files.writeString(
        file, "#!/bin/sh\necho \"$*: $(cat)\" >> " + directory + "/asked\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String answer(String user) {
    return "echo '{\"ServerURL\":\"x\",\"Username\":\"%s\",\"Secret\":\"%s\"}'"
        .formatted(user, SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example, registry.example",
    "https://registry.example, registry.example",
    "https://registry.example/v1/, registry.example",
    "http://localhost:5000/v2/, localhost:5000",
    "https://index.docker.io/v1/, https://index.docker.io/v1/",
    "docker.io, https://index.docker.io/v1/",
  })
  void dockerLoginLeavesALoginUnderOneOfTheseNames(String key, String server) throws IOException {
    String config = "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(key, auth());
    assertThat(login(config, server)).contains(LOGIN);
    for (String other :
        new String[] {"registry.example.example.org", "localhost", "localhost:50000"}) {
      assertThat(login(config, other)).as(other).isEmpty();
    }
  }

  @Test
  void withoutAConfigurationThereIsNoLogin() {
    assertThat(new RegistryCredentials(directory.resolve("none"), "").login("registry.example"))
        .isEmpty();
  }

  @Test
  void anIdentityTokenGoesBeforeAPassword() throws IOException {
    assertThat(
            login(
                "{\"auths\":{\"registry.example\":{\"auth\":\"%s\",\"identitytoken\":\"t\"}}}"
                    .formatted(auth()),
                "registry.example"))
        .contains(new IdentityToken("t"));
  }

  @Test
  void aHelperIsAskedOnItsStandardInput() throws IOException {
    helper("test", answer("ada"));
    assertThat(
            login(
                "{\"auths\":{\"registry.example\":{}},\"credsStore\":\"test\"}",
                "registry.example"))
        .contains(LOGIN);
    assertThat(directory.resolve("asked")).hasContent("get: registry.example\n");
  }

  @Test
  void aRegistrysOwnHelperGoesBeforeTheStoreOfAll() throws IOException {
    helper("own", answer("ada"));
    helper("all", answer("bob"));
    String config = "{\"credsStore\":\"all\",\"credHelpers\":{\"registry.example\":\"own\"}}";
    assertThat(login(config, "registry.example")).contains(LOGIN);
    assertThat(login(config, "ghcr.io")).contains(new Password("bob", SECRET));
  }

  @Test
  void theTokenUsersSecretIsAnIdentityToken() throws IOException {
    helper("test", answer("<token>"));
    assertThat(login("{\"credsStore\":\"test\"}", "registry.example"))
        .contains(new IdentityToken(SECRET));
  }

  @Test
  void aHelperWithoutALoginLeavesItToTheFile() throws IOException {
    helper("test", "echo 'credentials not found in native keychain'; exit 1");
    assertThat(login("{\"credsStore\":\"test\"}", "registry.example")).isEmpty();
    assertThat(
            login(
                "{\"credsStore\":\"test\",\"auths\":{\"registry.example\":{\"auth\":\"%s\"}}}"
                    .formatted(auth()),
                "registry.example"))
        .contains(LOGIN);
  }

  @Test
  void aHelperThatFailsIsNamedAndNotQuoted() throws IOException {
    helper("test", "echo " + SECRET + "; echo " + SECRET + " >&2; exit 7");
    assertRefused(
        "{\"credsStore\":\"test\"}",
        "docker-credential-test failed with exit code 7",
        "echo registry.example | docker-credential-test get");
    helper("test", "echo '{\"Secret\": " + SECRET + "}'");
    assertRefused("{\"credsStore\":\"test\"}", "docker-credential-test answered something");
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "../../bin/sh", "a b"})
  void aHelperThatIsNotThereIsNamed(String name) {
    assertRefused(
        "{\"credsStore\":\"" + name + "\"}", "docker-credential-" + name + ", which is not on");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"auths\":{\"registry.example\":{\"auth\":\"s3cr:et\"}}}",
        "{\"auths\":{\"registry.example\":{\"auth\":\"czNjcg==\"}}}",
        "{\"auths\":{\"registry.example\":{\"auth\": s3cr:et}}}",
        "{\"auths\":\"s3cr:et\"}",
        "s3cr:et",
      })
  void aConfigurationThatCannotBeReadIsNamedAndNotQuoted(String config) {
    assertRefused(
        config, directory.resolve("config.json") + " is not as the docker command writes");
  }

  private void assertRefused(String config, String... parts) {
    assertThatThrownBy(() -> login(config, "registry.example"))
        .isInstanceOf(OperatorError.class)
        .hasNoCause()
        .message()
        .contains(parts)
        .doesNotContain(SECRET);
  }

  @Test
  void aLoginDoesNotShowItself() {
    assertThat(LOGIN.toString() + new IdentityToken(SECRET) + Optional.of(LOGIN))
        .doesNotContain(SECRET);
  }

  @Test
  void theEnvironmentSaysWhereTheConfigurationIs() {
    assertThat(RegistryCredentials.ofEnvironment(Map.of("HOME", "/home/ada")).file())
        .isEqualTo(Path.of("/home/ada/.docker/config.json"));
    assertThat(
            RegistryCredentials.ofEnvironment(Map.of("HOME", "/x", "DOCKER_CONFIG", "/etc/d"))
                .file())
        .isEqualTo(Path.of("/etc/d/config.json"));
  }
}
