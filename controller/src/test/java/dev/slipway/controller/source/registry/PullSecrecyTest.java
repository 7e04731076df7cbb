package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.controller.goldendisk.DiskDescription;
import dev.slipway.controller.goldendisk.DiskInspection;
import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.controller.secrecy.RunningCommand;
import dev.slipway.controller.secrecy.Secret;
import dev.slipway.controller.source.registry.ScriptedRegistry.Treatment;
import dev.slipway.disk.Partition;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that log in to registries, to good ones and to all kinds of bad ones: what they say of
 * it, with stack traces; what they give to other programs; what they leave on a disk.
 */
@Timeout(180)
class PullSecrecyTest {
  private static final Secret PASSWORD = new Secret("the password", "Pw+of 29 letters, for nobody");
  private static final Secret IDENTITY = new Secret("the identity token", "identity-7a1c9f55e2");
  private static final Secret BEARER = new Secret("the bearer token", "bearer-3d8806bb41fa");
  private static final Secret SIGNATURE = new Secret("a redirect's query", "signature-95ce01d7");
  private static final Secret HASH =
      new Secret("the password hash", "Jq5n0TrPzW8kUe3vXy1sLb6mCd9aGh2fQo4iNtRwKxV7");
  private static final List<Secret> ALL = List.of(PASSWORD, IDENTITY, BEARER, SIGNATURE, HASH);

  private static final String BASIC = "Basic " + base64("ada:" + PASSWORD.text());

  @TempDir private Path directory;
  private TestImage image;
  private TestImage.Stored top;

  @BeforeEach
  void makeImage() throws IOException {
    TinyImage.in(directory.resolve("tree"), 1);
    image = new TestImage();
    top = image.image("amd64", TestImage.tar(directory.resolve("tree")));
  }

  @Test
  void aDiskIsBuiltFromARegistryWithAHelpersLogin() throws Exception {
    try (ScriptedRegistry registry = registry(BASIC, basic(), leadsTo("/storage"))) {
      Path disk =
          Files.writeString(
              directory.resolve("disk.yml"),
              """
              slots:
                - {name: a, image: "docker://%s/os:1", size: 64MiB, initrd: keep, agent: false}
              data: {size: 64MiB}
              host: {users: [{name: root, password-hash: "$6$salt$%s"}]}
              """
                  .formatted(registry.host(), HASH.text()));
      String helper = "sleep 0.2; " + prints(login("ada", PASSWORD));
      for (String progress : List.of("plain", "terminal", "json")) {
        Path output = directory.resolve(progress + ".img");
        try (RunningCommand build =
            command(
                progress,
                helperConfig(registry),
                helper,
                List.of("disk", "build", disk + "", "-o", output + "", "--progress", progress))) {
          assertThat(build.await()).as(build.said()).isZero();
          assertThat(build.commandLines()).contains("docker-credential-test", "mkfs.ext4");
          assertNothingTold(progress, build);
        }
        assertThat(registry.requests("/storage")).as("it was led on").isNotEmpty();
        assertOnDataPartitionAlone(output);
      }
    }
  }

  /** The hash, which the host needs; and nothing else anywhere. */
  private static void assertOnDataPartitionAlone(Path disk) throws IOException {
    byte[] bytes = Files.readAllBytes(disk);
    String whole = new String(bytes, StandardCharsets.ISO_8859_1);
    Partition data = DiskInspection.of(disk).table().table().named("slipway-data").orElseThrow();
    byte[] others = bytes.clone();
    Arrays.fill(others, (int) data.offset(), (int) (data.offset() + data.size()), (byte) 0);
    assertThat(HASH.isIn(whole)).isTrue();
    assertThat(HASH.isIn(new String(others, StandardCharsets.ISO_8859_1))).isFalse();
    for (Secret secret : List.of(PASSWORD, SIGNATURE)) {
      assertThat(secret.isIn(whole)).as(secret.name()).isFalse();
    }
  }

  @Test
  void aCommandThatFailsTellsItWithStackTracesAndWithoutTheLogin() throws Exception {
    String helper = "sleep 0.2; " + prints(login("ada", PASSWORD)) + "; exit 1";
    try (ScriptedRegistry registry = registry(BASIC, basic(), usual());
        RunningCommand check =
            command(
                "failing",
                helperConfig(registry),
                helper,
                List.of("image", "check", "docker://" + registry.host() + "/os:1"))) {
      assertThat(check.await()).isEqualTo(1);
      assertThat(check.said()).contains("docker-credential-test failed", "OperatorError", "\tat ");
      assertThat(check.commandLines()).contains("docker-credential-test");
      assertNothingTold("a helper that fails", check);
    }
  }

  @Test
  void whatGoesWrongWithALoginIsToldWithoutIt() throws Exception {
    String password = base64("ada:" + PASSWORD.text());
    try (ScriptedRegistry registry = registry("nothing is good enough", basic(), usual())) {
      assertFailsInSecret(registry, auth(registry, password), "");
      assertFailsInSecret(registry, auth(registry, base64(PASSWORD.text())), "");
      assertFailsInSecret(registry, auth(registry, PASSWORD.text()), "");
      assertFailsInSecret(registry, "{\"auths\": " + PASSWORD.text() + "}", "");
      assertFailsInSecret(
          registry,
          helperConfig(registry),
          prints(login("ada", PASSWORD)) + "; echo " + IDENTITY.text() + " >&2; exit 1");
      assertFailsInSecret(
          registry, helperConfig(registry), prints("{\"Secret\": " + PASSWORD.text()));
    }
    for (Treatment telling : List.of(echo(400), says("ada:" + PASSWORD.text() + " may not"))) {
      try (ScriptedRegistry echoing = registry(BASIC, basic(), telling)) {
        assertFailsInSecret(echoing, auth(echoing, password), "");
      }
    }
  }

  @Test
  void whatGoesWrongWithATokenIsToldWithoutIt() throws Exception {
    String password = base64("ada:" + PASSWORD.text());
    for (Treatment service :
        List.of(
            json("{\"token\":\"" + BEARER.text() + "\"}"),
            json("{\"token\":\"" + BEARER.text() + "\\r\\nX: y\"}"),
            json("{\"token\":" + BEARER.text()),
            echo(400),
            echo(500))) {
      try (ScriptedRegistry registry = withTokens(service)) {
        assertFailsInSecret(registry, auth(registry, password), "");
        assertFailsInSecret(
            registry,
            "{\"auths\":{\"%s\":{\"identitytoken\":\"%s\"}}}"
                .formatted(registry.host(), IDENTITY.text()),
            "");
        assertFailsInSecret(registry, helperConfig(registry), prints(login("<token>", IDENTITY)));
      }
    }
  }

  @Test
  void whatGoesWrongWhereARegistryLeadsIsToldWithoutTheAddress() throws Exception {
    String password = BASIC.substring("Basic ".length());
    for (Treatment lead :
        List.of(
            leadsTo("/forbidden"),
            leadsTo("/broken"),
            leadsTo("/silent"),
            leadsTo("/damaged"),
            leadsTo("/a b{"),
            ScriptedRegistry.status(307, "Location: ftp:/x?s=" + SIGNATURE.text()),
            ScriptedRegistry.status(307, "Location: http://localhost:1/?s=" + SIGNATURE.text()),
            ScriptedRegistry.status(307, "Location: http://x.invalid/?s=" + SIGNATURE.text()),
            ScriptedRegistry.status(
                307, "Location: http://a:" + SIGNATURE.text() + "@localhost:1/"))) {
      try (ScriptedRegistry registry =
          registry(BASIC, basic(), lead)
              .always("/forbidden", ScriptedRegistry.status(403))
              .always("/broken", ScriptedRegistry.status(500))
              .always("/silent", ScriptedRegistry.cutAfter(0))
              .always("/damaged", request -> request.answer(200, new byte[300]))) {
        assertFailsInSecret(registry, auth(registry, password), "");
      }
    }
  }

  @Test
  void whatIsWrongInADescriptionIsToldWithoutItsSecrets() throws Exception {
    String hash = "$6$salt$" + HASH.text();
    String users = "slots: [{name: a, size: 1GiB, image: 'oci:x'}]\nhost:\n  users:\n";
    for (String description :
        List.of(
            users + "    - {name: root, password-hash: \"" + hash + "\n",
            users + "    - {name: root, password-hash:" + hash + "}\n",
            users + "    - {name: root, password-hash: [" + hash + "]}\n",
            users + "    - {name: root, password-hash: '" + hash + "', password-hash: x}\n",
            users + "    - {name: root, password-hash: \"\\q" + hash + "\"}\n",
            users + "    - {name: root, password-hash: *" + IDENTITY.text() + "}\n",
            users + "    - {name: root, password-hash: !a!" + IDENTITY.text() + " x}\n",
            users + "    - {name: root, password-hash: !" + IDENTITY.text() + "!a x}\n",
            users + "    - {name: root, password-hash: \"" + PASSWORD.text() + "\"}\n",
            users + "    - {name: root, password-hash: " + hash + "}\n   wrong: x\n",
            users + "    - name: root\n      password-hash: " + hash + "\n     ssh-keys: x\n",
            users
                + "    - {name: root, ssh-keys: \"-----BEGIN OPENSSH PRIVATE KEY-----\\n"
                + HASH.text()
                + "\"}\n",
            "slots: [{name: a, size: 1GiB, image: 'docker://ada:"
                + IDENTITY.text()
                + "@x.org/y'}]\n")) {
      Path file = Files.writeString(directory.resolve("disk.yml"), description);
      assertToldWithoutSecrets(description, () -> DiskDescription.read(file));
    }
  }

  /** Pulls an image with that login. */
  private void assertFailsInSecret(ScriptedRegistry registry, String config, String helper)
      throws IOException {
    Path docker = docker(Files.createTempDirectory(directory, "docker"), config, helper);
    Path target = Files.createDirectory(docker.resolve("tree"));
    assertToldWithoutSecrets(
        config,
        () -> {
          try (Image pulled = new Pull(docker).open(registry.host() + "/os:1")) {
            LayerStack.unpack(pulled, target);
          }
        });
  }

  /** With all that a stack trace says. */
  private static void assertToldWithoutSecrets(String what, ThrowingCallable work) {
    Throwable failure = catchThrowable(work);
    assertThat(failure).as(what).isInstanceOf(OperatorError.class);
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    for (Secret secret : ALL) {
      assertThat(trace.toString().lines().filter(secret::isIn))
          .as("%s, %s", what, secret.name())
          .isEmpty();
    }
  }

  private static void assertNothingTold(String scenario, RunningCommand command) {
    for (Secret secret : ALL) {
      assertThat((command.said() + command.commandLines()).lines().filter(secret::isIn))
          .as("%s: %s", scenario, secret.name())
          .isEmpty();
    }
  }

  private RunningCommand command(String name, String config, String helper, List<String> arguments)
      throws IOException {
    Path docker = docker(Files.createDirectory(directory.resolve(name)), config, helper);
    return new RunningCommand(
        directory.resolve(name + ".said"),
        Map.of("DOCKER_CONFIG", docker.toString(), "PATH", docker + ":" + System.getenv("PATH")),
        arguments);
  }

  /** The docker command's configuration, with a helper in it. */
  private static Path docker(Path directory, String config, String helper) throws IOException {
    Files.writeString(directory.resolve("config.json"), config);
    Path program = directory.resolve("docker-credential-test");
    Files.writeString(program, "#!/bin/sh\n" + helper + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return directory;
  }

  private static String auth(ScriptedRegistry registry, String auth) {
    return "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), auth);
  }

  private static String helperConfig(ScriptedRegistry registry) {
    return "{\"credHelpers\":{\"%s\":\"test\"}}".formatted(registry.host());
  }

  private static String login(String user, Secret secret) {
    return "{\"Username\":\"%s\",\"Secret\":\"%s\"}".formatted(user, secret.text());
  }

  private static String prints(String text) {
    return "cat <<'END'\n" + text + "\nEND\n:";
  }

  /** One that asks for an authorization, and treats blobs so. */
  private ScriptedRegistry registry(String authorization, String challenge, Treatment blobs)
      throws IOException {
    return new ScriptedRegistry(image, top)
        .always(
            "/v2/",
            request -> {
              if (!request.header("Authorization").equals(Optional.of(authorization))) {
                request.answer(401, new byte[0], challenge);
              } else if (request.path().contains("/blobs/")) {
                blobs.of(request);
              } else {
                request.usual();
              }
            });
  }

  /** One that no token is good enough for, and whose service is as well on its port. */
  private ScriptedRegistry withTokens(Treatment service) throws IOException {
    ScriptedRegistry registry = new ScriptedRegistry(image, top).always("/token", service);
    return registry.always(
        "/v2/",
        request ->
            request.answer(
                401,
                new byte[0],
                "WWW-Authenticate: Bearer realm=\"http://" + registry.host() + "/token\""));
  }

  private static String basic() {
    return "WWW-Authenticate: Basic realm=\"test\"";
  }

  private static Treatment usual() {
    return ScriptedRegistry.usual();
  }

  private static Treatment json(String json) {
    return request -> request.answer(200, TestImage.utf8(json));
  }

  private static Treatment says(String words) {
    return request ->
        request.answer(400, TestImage.utf8("{\"errors\":[{\"message\":\"" + words + "\"}]}"));
  }

  /** Refuses with what it was told. */
  private static Treatment echo(int status) {
    return request ->
        request.answer(
            status,
            TestImage.utf8(
                "{\"errors\":[{\"message\":\"not for %s%s\"}]}"
                    .formatted(request.header("Authorization").orElse(""), request.body())));
  }

  /** To another place of the same server, with a signature. */
  private static Treatment leadsTo(String place) {
    return request ->
        request.answer(
            307,
            new byte[0],
            "Location: "
                + place
                + "?signature="
                + SIGNATURE.text()
                + "&blob="
                + request.path().substring(request.path().indexOf("sha256:")));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
