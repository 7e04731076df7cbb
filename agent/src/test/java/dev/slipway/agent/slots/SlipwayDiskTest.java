package dev.slipway.agent.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The host's disk is found by its own table, of either kind. */
class SlipwayDiskTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(PartitionTable.Kind.class)
  void theDiskIsFoundWithItsSlotsDataAndEnvironment(PartitionTable.Kind kind) throws IOException {
    try (TestDisk host = TestDisk.make(directory, kind)) {
      SlipwayDisk disk = SlipwayDisk.find(host.roots());

      assertThat(disk.device()).isEqualTo(host.roots().dev().resolve("vda"));
      assertThat(disk.slots()).extracting(Slot::name).containsExactly("old", "new", "small");
      assertThat(disk.running().name()).isEqualTo("old");
      assertThat(disk.dataDevice())
          .isEqualTo(host.roots().dev().resolve("vda" + host.partition("slipway-data").number()));
      assertThat(disk.environment().read().environment().orElseThrow().defaultSlot())
          .isEqualTo("old");
    }
  }

  @Test
  void aLogicalPartitionIsASlotLikeAnyOther() throws IOException {
    try (TestDisk host = TestDisk.make(directory, PartitionTable.Kind.MSDOS)) {
      host.boots("small", "warmtrial", "01T");

      Slot small = SlipwayDisk.find(host.roots()).running();

      assertThat(small.name()).isEqualTo("small");
      assertThat(small.partition()).extracting(Partition::number).isEqualTo(5);
      assertThat(small.device()).isEqualTo(host.roots().dev().resolve("vda5"));
    }
  }

  @Test
  void aCommandLineThatNamesNoPartitionOfTheHostIsRefused() throws IOException {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    try (TestDisk host = TestDisk.make(here, PartitionTable.Kind.MSDOS);
        TestDisk other = TestDisk.make(there, PartitionTable.Kind.MSDOS)) {
      Roots mixed =
          new Roots(
              host.roots().proc(),
              other.roots().sys(),
              other.roots().dev(),
              host.roots().run(),
              host.roots().etc(),
              host.roots().usr(),
              host.roots().data());

      assertThatThrownBy(() -> SlipwayDisk.find(mixed))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("No disk of this host has the partition")
          .hasMessageContaining(host.partition("slipway-slot-old").id().text());
    }
  }
}
