package dev.slipway.filesystem;

import java.util.List;

/** Why a feature is on or off. */
public sealed interface Reason {

  /** The end of a sentence, without its full stop. */
  String text();

  /** One word for programs. */
  String token();

  /** Off: these readers do not know it. */
  record ForbiddenByReaders(Feature feature, List<Reader> readers) implements Reason {
    public ForbiddenByReaders {
      readers = List.copyOf(readers);
    }

    @Override
    public String text() {
      return readers.get(0).refusalOf(feature);
    }

    /** What each of the readers says, the first one first. */
    public List<String> texts() {
      return readers.stream().map(reader -> reader.refusalOf(feature)).toList();
    }

    @Override
    public String token() {
      return "reader";
    }
  }

  /** Off: this mkfs cannot make it. */
  record MkfsTooOld(Feature feature, Version mkfs) implements Reason {
    @Override
    public String text() {
      return "mkfs.%s %s of the building host cannot make it; needs %s"
          .formatted(feature.fileSystem().token(), mkfs, feature.flag().since());
    }

    @Override
    public String token() {
      return "mkfs";
    }
  }

  /** Off: it requires something that is off. */
  record Lacking(String required) implements Reason {
    @Override
    public String text() {
      return "it needs " + required + ", which is off";
    }

    @Override
    public String token() {
      return "requirement";
    }
  }

  /** On or off: an operator says so. */
  record Demanded() implements Reason {
    @Override
    public String text() {
      return "the description says so";
    }

    @Override
    public String token() {
      return "demand";
    }
  }

  /** On: something that was demanded requires it. */
  record NeededBy(String other) implements Reason {
    @Override
    public String text() {
      return other + " needs it";
    }

    @Override
    public String token() {
      return "requirement";
    }
  }

  /** On: a slot gains from it, and every reader knows it. */
  record Wanted() implements Reason {
    @Override
    public String text() {
      return "every reader knows it";
    }

    @Override
    public String token() {
      return "wanted";
    }
  }

  /** Off: a slot gains nothing from it. */
  record Unwanted() implements Reason {
    @Override
    public String text() {
      return "a slot gains nothing from it";
    }

    @Override
    public String token() {
      return "unwanted";
    }
  }
}
