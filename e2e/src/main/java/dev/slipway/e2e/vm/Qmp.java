package dev.slipway.e2e.vm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * QEMU's machine protocol, as far as it is needed here.
 *
 * @see <a href="https://www.qemu.org/docs/master/interop/qmp-spec.html">QMP specification</a>
 */
final class Qmp implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final SocketChannel channel;
  private final BufferedReader in;
  private final Writer out;

  private Qmp(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    this.out = Channels.newWriter(channel, StandardCharsets.UTF_8);
  }

  /** Connects as soon as QEMU listens. */
  static Qmp connect(Path socket, Process qemu) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (true) {
      try {
        Qmp qmp = new Qmp(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        qmp.in.readLine(); // The greeting.
        qmp.execute(qmp.json.createObjectNode().put("execute", "qmp_capabilities"));
        return qmp;
      } catch (IOException e) {
        if (!qemu.isAlive() || System.nanoTime() > deadline) {
          throw new VmException("QEMU did not open its control socket " + socket, e);
        }
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new VmException("Interrupted while connecting to " + socket, e);
      }
    }
  }

  /** Runs a QMP command without arguments. */
  void execute(String command) {
    execute(json.createObjectNode().put("execute", command));
  }

  /** Runs a command of the human monitor. Snapshots' errors come as its text. */
  void monitor(String commandLine) {
    ObjectNode command = json.createObjectNode().put("execute", "human-monitor-command");
    command.putObject("arguments").put("command-line", commandLine);
    String answer = execute(command).asText().strip();
    if (!answer.isEmpty()) {
      throw new VmException("QEMU answered to `" + commandLine + "`: " + answer);
    }
  }

  private JsonNode execute(ObjectNode command) {
    try {
      out.write(json.writeValueAsString(command) + "\n");
      out.flush();
      String line;
      while ((line = in.readLine()) != null) {
        JsonNode answer = json.readTree(line);
        if (answer.has("return")) {
          return answer.get("return");
        }
        if (answer.has("error")) {
          throw new VmException("QEMU refused " + command + ": " + answer.get("error"));
        }
        // Anything else is an event that nobody waits for.
      }
      throw new VmException("QEMU ended during " + command);
    } catch (IOException e) {
      throw new VmException("QEMU ended during " + command, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
