package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.controller.source.registry.TestImage.Stored;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries that do not give to everybody: a real one with passwords, and one with tokens. */
@Timeout(60)
class RegistryLoginTest {
  private static final String BASIC = "Basic " + base64("ada:pass:word");

  @TempDir private Path work;
  private final TestImage image = new TestImage();
  private Stored top;
  private Pull pull;

  @BeforeEach
  void makeAnImage() throws IOException {
    Path tree = Files.createDirectories(work.resolve("image"));
    Files.write(tree.resolve("data"), new byte[300_000]);
    top = image.image("amd64", TestImage.tar(tree));
    pull = new Pull(work.resolve("docker"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(TestImage.utf8(text));
  }

  private static String auths(String host, String key, String value) {
    return "{\"auths\":{\"%s\":{\"%s\":\"%s\"}}}".formatted(host, key, value);
  }

  private void unpack(String reference) throws IOException {
    try (Image opened = pull.open(reference)) {
      LayerStack.unpack(opened, Files.createTempDirectory(work, "tree"));
    }
  }

  @Test
  void aRegistryWithPasswordsGivesToWhoHasOne() throws Exception {
    Path directory = Files.createDirectory(work.resolve("registry"));
    try (DockerRegistry registry = DockerRegistry.withLoginIn(directory)) {
      registry.with("os", "1", image, top);
      String reference = registry.host() + "/os:1";

      assertThatThrownBy(() -> unpack(reference))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("does not give docker://" + reference + " without a login")
          .hasMessageContaining("docker login " + registry.host());

      pull.config(auths(registry.host(), "auth", base64("ada:wrong")));
      assertThatThrownBy(() -> unpack(reference))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining(work.resolve("docker/config.json").toString())
          .hasMessageContaining("log in again with: docker login " + registry.host())
          .hasMessageNotContaining("wrong");

      String login = DockerRegistry.USER + ":" + DockerRegistry.PASSWORD;
      pull.config(auths(registry.host(), "auth", base64(login)));
      unpack(reference);
    }
  }

  /** A registry that wants a token for the image, whose service is as well on its port. */
  private ScriptedRegistry withTokens(String token) throws IOException {
    ScriptedRegistry registry = new ScriptedRegistry(image, top);
    return registry.always("/v2/", request -> guarded(registry, request, token));
  }

  private static void guarded(
      ScriptedRegistry registry, ScriptedRegistry.Request request, String token)
      throws IOException {
    if (request.header("Authorization").equals(Optional.of("Bearer " + token))) {
      request.usual();
    } else {
      request.answer(
          401,
          new byte[0],
          "WWW-Authenticate: Bearer realm=\"http://%s/token?x=1\",service=\"the registry\",scope=\"repository:os:pull\""
              .formatted(registry.host()));
    }
  }

  private static ScriptedRegistry.Treatment json(String json) {
    return request -> request.answer(200, TestImage.utf8(json));
  }

  @Test
  void aTokenIsFetchedForEverybodyWhereThatIsEnough() throws Exception {
    try (ScriptedRegistry registry = withTokens("t1")) {
      registry.always("/token", json("{\"token\":\"t1\"}"));
      unpack(registry.host() + "/os:1");
      assertThat(registry.requests("/token")).hasSize(1);
      ScriptedRegistry.Request asked = registry.requests("/token").get(0);
      assertThat(asked.path())
          .isEqualTo("/token?x=1&service=the+registry&scope=repository%3Aos%3Apull");
      assertThat(asked.header("Authorization")).isEmpty();
    }
  }

  @Test
  void aLoginGoesToTheServiceAndOnlyItsTokenToTheRegistry() throws Exception {
    try (ScriptedRegistry registry = withTokens("t1")) {
      registry.always("/token", json("{\"access_token\":\"t1\",\"expires_in\":60}"));
      pull.config(auths(registry.host(), "auth", base64("ada:pass:word")));
      unpack(registry.host() + "/os:1");
      assertThat(registry.requests("/token"))
          .extracting(request -> request.header("Authorization"))
          .containsExactly(Optional.of(BASIC));
      assertThat(registry.requests("/v2/"))
          .extracting(request -> request.header("Authorization").orElse("none"))
          .containsOnly("none", "Bearer t1");
    }
  }

  @Test
  void anEmptyTokenBesideAnAccessTokenIsNone() throws Exception {
    try (ScriptedRegistry registry = withTokens("t1")) {
      registry.always("/token", json("{\"token\":\"\",\"access_token\":\"t1\"}"));
      unpack(registry.host() + "/os:1");
      assertThat(registry.requests("/token")).hasSize(1);
    }
  }

  @Test
  void anIdentityTokenIsExchangedForAToken() throws Exception {
    try (ScriptedRegistry registry = withTokens("t1")) {
      registry.always("/token", json("{\"access_token\":\"t1\"}"));
      pull.config(auths(registry.host(), "identitytoken", "id+1"));
      unpack(registry.host() + "/os:1");
      assertThat(registry.requests("/token"))
          .extracting(ScriptedRegistry.Request::method, ScriptedRegistry.Request::body)
          .containsExactly(
              tuple(
                  "POST",
                  "service=the+registry&scope=repository%3Aos%3Apull"
                      + "&grant_type=refresh_token&client_id=slipway&refresh_token=id%2B1"));
    }
  }

  @Test
  void aTokenThatExpiresInTheMiddleOfAPullIsReplaced() throws Exception {
    try (ScriptedRegistry registry = new ScriptedRegistry(image, top)) {
      String layer = image.largestBlob().toString();
      registry
          .once("/manifests/", request -> guarded(registry, request, "t1"))
          .once(layer, ScriptedRegistry.cutAfter(100))
          .once("/token", json("{\"token\":\"t1\"}"))
          .always("/token", json("{\"token\":\"t2\"}"))
          .always(layer, request -> guarded(registry, request, "t2"));
      unpack(registry.host() + "/os:1");
      assertThat(registry.requests(layer))
          .extracting(request -> request.header("Authorization").orElse("none"))
          .containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
      assertThat(registry.requests(layer).get(2).offset()).isEqualTo(100);
    }
  }

  @Test
  void aTokenServiceThatIsOutOfOrderIsAskedAgain() throws Exception {
    try (ScriptedRegistry registry = withTokens("t1")) {
      registry
          .once("/token", ScriptedRegistry.status(503))
          .always("/token", json("{\"token\":\"t1\"}"));
      unpack(registry.host() + "/os:1");
    }
  }

  @Test
  void withoutLeaveTheRegistryIsNotAskedAgainAndAgain() throws Exception {
    for (ScriptedRegistry.Treatment refusal :
        List.of(
            ScriptedRegistry.status(401),
            ScriptedRegistry.status(403),
            json("{\"token\":\"of-no-use\"}"))) {
      try (ScriptedRegistry registry = withTokens("t1")) {
        registry.always("/token", refusal);
        String reference = registry.host() + "/os:1";
        assertThatThrownBy(() -> pull.open(reference))
            .isInstanceOf(OperatorError.class)
            .hasMessageContaining("does not give docker://" + reference)
            .hasMessageContaining("or it does not exist there")
            .hasMessageContaining("docker login " + registry.host());
        assertThat(registry.requests("/token")).hasSize(1);
      }
    }
  }

  @Test
  void whatIsNoTokenIsNeitherUsedNorQuoted() throws Exception {
    for (String answer :
        List.of("{\"token\":\"bad\\r\\nEvil: secret\"}", "{\"secret\":1}", "secret")) {
      try (ScriptedRegistry registry = withTokens("t1")) {
        registry.always("/token", json(answer));
        assertThatThrownBy(() -> pull.open(registry.host() + "/os:1"))
            .isInstanceOf(OperatorError.class)
            .hasMessageContaining("sends for a token to localhost")
            .hasMessageNotContaining("secret")
            .hasNoCause();
      }
    }
  }

  @Test
  void anotherHostThatTheRegistryLeadsToSeesNoLogin() throws Exception {
    try (ScriptedRegistry registry = new ScriptedRegistry(image, top);
        ScriptedRegistry network = new ScriptedRegistry(image, top)) {
      String layer = image.largestBlob().toString();
      registry
          .once("/manifests/", request -> guarded(registry, request, "t1"))
          .always("/token", json("{\"token\":\"t1\"}"))
          .always(
              layer,
              request ->
                  request.answer(
                      307, new byte[0], "Location: http://" + network.host() + "/x/" + layer));
      // The first signed address has run out, which the registry mends with another one.
      network.once(layer, ScriptedRegistry.status(403));
      unpack(registry.host() + "/os:1");
      assertThat(registry.requests(layer))
          .extracting(request -> request.header("Authorization"))
          .containsExactly(Optional.of("Bearer t1"), Optional.of("Bearer t1"));
      assertThat(network.requests("/"))
          .hasSize(2)
          .allSatisfy(request -> assertThat(request.header("Authorization")).isEmpty());
    }
  }

  @Test
  void aHostThatTheRegistryLeadsToCannotAskForTheLogin() throws Exception {
    try (ScriptedRegistry registry = new ScriptedRegistry(image, top);
        ScriptedRegistry network = new ScriptedRegistry(image, top)) {
      pull.config(auths(registry.host(), "auth", base64("ada:pass:word")));
      registry.always(
          "/manifests/", ScriptedRegistry.status(307, "Location: http://" + network.host() + "/x"));
      network.always(
          "/x",
          ScriptedRegistry.status(
              401, "WWW-Authenticate: Bearer realm=\"http://" + network.host() + "/token\""));
      assertThatThrownBy(() -> pull.open(registry.host() + "/os:1"))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("answered 401");
      assertThat(network.requests("/token")).isEmpty();
    }
  }
}
