package dev.slipway.controller.goldendisk;

import dev.slipway.disk.DiskLayout;

/** Reads sizes of disks and partitions. */
final class SizeReader {
  private static final ByteSize LARGEST = new ByteSize(DiskLayout.LARGEST_PARTITION);

  private SizeReader() {}

  /** A size that a partition can have. */
  static ByteSize size(YamlMapping.Text text) {
    ByteSize size =
        ByteSize.parse(text.value())
            .orElseThrow(() -> text.refused("a size is " + ByteSize.SYNTAX));
    if (size.bytes() > LARGEST.bytes()) {
      throw text.refused("a size is at most " + LARGEST);
    }
    if (!size.isWholeMebibytes() || size.bytes() == 0) {
      throw text.refused("partitions are laid out in whole MiB");
    }
    return size;
  }
}
