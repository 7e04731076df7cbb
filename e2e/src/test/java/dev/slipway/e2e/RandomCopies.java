package dev.slipway.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.boot.GrubModel.Copies;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * States of the boot environment drawn at random: mostly whole copies, of near generations and with
 * every kind of trial, and among them what power cuts, other programs and bad media leave.
 */
final class RandomCopies {
  private static final int SIZE = 1024;
  private static final List<String> GENERATIONS =
      List.of("1000000001", "1000000001", "1000000002", "1000000003", "999999999");
  private static final List<String> DEFAULTS = List.of("a", "a", "a", "b", "b", "b", "Z");
  private static final List<String> TRIALS = List.of("none", "none", "a", "b", "b", "b", "Z");
  private static final List<String> TRIES =
      List.of("3", "3", "2", "2", "1", "1", "0", "4", "x", "03", "");

  private final Random random;

  RandomCopies(Random random) {
    this.random = random;
  }

  Copies next() {
    byte[] first = copy();
    // Most often both are of one writing.
    byte[] second = random.nextInt(3) == 0 ? first.clone() : copy();
    return new Copies(damaged(first), damaged(second));
  }

  private byte[] copy() {
    String generation = valueOf(GENERATIONS);
    String text =
        "# GRUB Environment Block\ngen="
            + generation
            + "\ndefault_slot="
            + valueOf(DEFAULTS)
            + "\ntry="
            + valueOf(TRIALS)
            + (random.nextInt(12) == 0 ? "" : "\ntries=" + one(TRIES))
            + "\ntxn=01T"
            + random.nextInt(100)
            + "\nend="
            + (random.nextInt(10) == 0 ? one(GENERATIONS) : generation)
            + "\n";
    byte[] copy = new byte[SIZE];
    Arrays.fill(copy, (byte) '#');
    byte[] head = text.getBytes(US_ASCII);
    System.arraycopy(head, 0, copy, 0, head.length);
    return copy;
  }

  private byte[] damaged(byte[] copy) {
    byte[] damaged = copy.clone();
    switch (random.nextInt(20)) {
      case 0 -> damaged = new byte[0];
      case 1 -> damaged = Arrays.copyOf(copy, 1 + random.nextInt(SIZE));
      // One digit for whatever stands there; what a value then says is a matter of text.
      case 2 -> damaged[25 + random.nextInt(60)] = (byte) ('0' + random.nextInt(10));
      case 3 -> Arrays.fill(damaged, SIZE / 2, SIZE, (byte) 0);
      case 4 -> random.nextBytes(damaged);
      case 5 -> damaged = new byte[SIZE];
      default -> {}
    }
    return damaged;
  }

  /** Nothing, now and then. */
  private String valueOf(List<String> of) {
    return random.nextInt(25) == 0 ? "" : one(of);
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
