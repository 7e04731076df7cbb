package dev.slipway.disk;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A partition's own identity, as {@code PARTUUID=} on a kernel command line and GRUB's {@code probe
 * --part-uuid} have it: the GUID of an entry in a GPT; in an msdos table, which has none, the
 * disk's signature and the partition's number, such as {@code 5119d2a1-02}.
 *
 * @param text in small letters
 */
public record PartitionId(String text) {

  private static final Pattern FORM =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{2}");

  public PartitionId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("no identity of a partition: " + text);
    }
  }

  /** That of an entry in a GPT. */
  public static PartitionId of(UUID uuid) {
    return new PartitionId(uuid.toString());
  }

  /** That of a partition in an msdos table; the number in hexadecimal, as the kernel writes it. */
  public static PartitionId of(int diskSignature, int number) {
    return new PartitionId(String.format(Locale.ROOT, "%08x-%02x", diskSignature, number));
  }

  /** The identity that a text is, in small or capital letters; empty when it is none. */
  public static Optional<PartitionId> parse(String text) {
    String small = text.toLowerCase(Locale.ROOT);
    return FORM.matcher(small).matches() ? Optional.of(new PartitionId(small)) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
