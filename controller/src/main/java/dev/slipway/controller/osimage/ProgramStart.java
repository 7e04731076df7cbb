package dev.slipway.controller.osimage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Goes the way that the kernel goes to start a program of a tree: the program, the interpreter that
 * it names, and that one's own, for x86-64 (execve(2), elf(5)).
 */
final class ProgramStart {
  /** As many scripts as Linux starts by each other (exec_binprm() of its fs/exec.c). */
  private static final int MOST_SCRIPTS = 5;

  private static final int ANY_EXECUTE = 0111;
  private static final int LONGEST_PATH = 4096;

  /** Of a script's first line the kernel reads so many bytes. */
  private static final int LONGEST_LINE = 256;

  private static final int LONGEST_NAME = 255;

  // elf(5): offsets and values of the header, and of an entry in the table that it leads to.
  private static final int ELF = 0x464c457f;
  private static final int MACHINE = 18;
  private static final int X86_64 = 62;
  private static final int TABLE = 32;
  private static final int ENTRY_SIZE = 54;
  private static final int ENTRIES = 56;
  private static final int HEADER = 64;
  private static final int INTERPRETER = 3;
  private static final int OFFSET_IN_FILE = 8;
  private static final int SIZE_IN_FILE = 32;
  private static final int ENTRY = 56;

  private final OsTree tree;

  ProgramStart(OsTree tree) {
    this.tree = tree;
  }

  /** Why the program at the path would not start, as what follows its name; empty when it would. */
  Optional<String> obstacle(String path) {
    return absence(path).or(() -> obstacle(content(path), MOST_SCRIPTS)).map(PrintableText::of);
  }

  private Optional<String> absence(String path) {
    if (!isPathOfFile(path)) {
      return Optional.of("is no path of a file");
    }
    Optional<String> real = tree.real(path).filter(tree::isFile);
    if (real.isEmpty()) {
      return Optional.of(
          tree.linkTarget(path)
              .map(target -> "is a link to " + target + ", which is not there")
              .orElse("is not there"));
    }
    return (tree.status(real.get()).orElseThrow().mode() & ANY_EXECUTE) == 0
        ? Optional.of("cannot be executed until " + real.get() + " has mode 0755")
        : Optional.empty();
  }

  /** Absolute, and nowhere longer than Linux takes. */
  private static boolean isPathOfFile(String path) {
    return path.startsWith("/")
        && !path.endsWith("/")
        && path.length() < LONGEST_PATH
        && Arrays.stream(path.split("/", -1)).allMatch(name -> name.length() <= LONGEST_NAME);
  }

  private ByteBuffer content(String path) {
    return ByteBuffer.wrap(tree.readBytes(path).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Optional<String> obstacle(ByteBuffer program, int scriptsLeft) {
    if (isElf(program)) {
      return obstacleOfElf(program)
          // The kernel does not ask which interpreter an interpreter names.
          .or(
              () ->
                  elfInterpreter(program)
                      .flatMap(
                          loader ->
                              because(
                                  loader,
                                  absence(loader).or(() -> obstacleOfElf(content(loader))))));
    }
    if (program.limit() <= 2 || program.get(0) != '#' || program.get(1) != '!') {
      return Optional.of("is neither a program nor a script");
    }
    if (scriptsLeft == 0) {
      return Optional.of("is a script of a script, and so on for longer than the kernel follows");
    }
    String interpreter = scriptInterpreter(program);
    return because(
        interpreter,
        absence(interpreter).or(() -> obstacle(content(interpreter), scriptsLeft - 1)));
  }

  private static boolean isElf(ByteBuffer program) {
    return program.limit() >= HEADER && program.getInt(0) == ELF;
  }

  private static Optional<String> obstacleOfElf(ByteBuffer program) {
    if (!isElf(program)) {
      return Optional.of("is damaged, or no program");
    }
    return program.getShort(MACHINE) == X86_64
        ? Optional.empty()
        : Optional.of("is not a program for x86-64; the image is for another architecture");
  }

  private static Optional<String> because(String interpreter, Optional<String> obstacle) {
    return obstacle.map(what -> "needs " + interpreter + " to start, which " + what);
  }

  /** The first word behind the two signs. */
  private static String scriptInterpreter(ByteBuffer script) {
    String line = text(script, 2, Math.min(script.limit(), LONGEST_LINE));
    return line.replaceFirst("(?s)\n.*", "").strip().replaceFirst("(?s)[\\s\0].*", "");
  }

  /** PT_INTERP of a program that is linked to libraries; a static one has none. */
  private static Optional<String> elfInterpreter(ByteBuffer program) {
    long table = program.getLong(TABLE);
    int size = Short.toUnsignedInt(program.getShort(ENTRY_SIZE));
    int entries = Short.toUnsignedInt(program.getShort(ENTRIES));
    for (int i = 0; i < entries; i++) {
      long entry = table + (long) i * size;
      if (entry < 0 || entry > program.limit() - ENTRY) {
        return Optional.empty();
      }
      if (program.getInt((int) entry) == INTERPRETER) {
        long start = program.getLong((int) entry + OFFSET_IN_FILE);
        long length = program.getLong((int) entry + SIZE_IN_FILE);
        boolean inside = start >= 0 && length > 0 && length <= program.limit() - start;
        return inside && length <= LONGEST_PATH
            ? Optional.of(
                text(program, (int) start, (int) (start + length)).replaceFirst("(?s)\0.*", ""))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static String text(ByteBuffer from, int start, int end) {
    byte[] bytes = new byte[end - start];
    from.get(start, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
