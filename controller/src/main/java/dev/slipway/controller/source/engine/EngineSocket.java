package dev.slipway.controller.source.engine;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an engine of this machine listens when nobody says where: Docker's, then the Podman of this
 * user, then that of the system (podman-system-service(1)).
 */
final class EngineSocket {
  private EngineSocket() {}

  /**
   * The places, the first to be tried first.
   *
   * @param environment where XDG_RUNTIME_DIR says where this user's sockets are
   * @param root of the file system that is looked through
   */
  static List<Path> places(Map<String, String> environment, Path root) {
    Stream<String> docker = Stream.of("/var/run/docker.sock");
    Stream<String> ofUser =
        Stream.ofNullable(environment.get("XDG_RUNTIME_DIR"))
            .map(directory -> directory + "/podman/podman.sock");
    Stream<String> ofSystem = Stream.of("/run/podman/podman.sock");
    return Stream.of(docker, ofUser, ofSystem)
        .flatMap(each -> each)
        .map(path -> root.resolve(path.substring(1)))
        .toList();
  }

  /** The first where somebody listens: a file is left behind by an engine that was removed. */
  static Optional<Path> listening(List<Path> places) {
    return places.stream().filter(EngineSocket::isListening).findFirst();
  }

  private static boolean isListening(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
