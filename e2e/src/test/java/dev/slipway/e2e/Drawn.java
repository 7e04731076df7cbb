package dev.slipway.e2e;

import java.util.List;
import java.util.SplittableRandom;

/** What a plain run of the tests takes of many cases; the campaigns take them all. */
final class Drawn {
  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime());

  private Drawn() {}

  /** One of several by the run's seed and who draws, so that not all draw the same. */
  static <T> T oneOf(Class<?> who, T[] all) {
    return all[new SplittableRandom(SEED ^ who.getName().hashCode()).nextInt(all.length)];
  }

  /** All but what {@link #oneOf} takes. */
  static <T> List<T> othersOf(Class<?> who, T[] all) {
    T one = oneOf(who, all);
    return List.of(all).stream().filter(each -> !each.equals(one)).toList();
  }
}
