package dev.cpv.testkit;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * The seeds of a chance test. Each build takes a tenth of the cases, always the same ones, so that it fails for its change
 * alone; the nightly build ({@code -Pnightly}) takes the whole with new seeds, and prints where they begin.
 */
public final class Chance {
    private static final int SHARE = 10;

    private Chance() {}

    /**
     * The seeds for so many cases. {@code -Dcpv.seed=…} runs that one alone, and the property of that name sets how many
     * there are.
     */
    public static LongStream seeds(String property, int cases) {
        Long only = Long.getLong("cpv.seed");
        if (only != null) {
            return LongStream.of(only);
        }
        int count = Integer.getInteger(property, share(cases));
        long first = isNightly() ? new Random().nextLong() : 0;
        if (isNightly()) {
            System.out.println(property + ": " + count + " seeds from " + first);
        }
        return LongStream.range(first, first + count);
    }

    /** Dice for a seed. Those of {@code java.util.Random} itself fall alike at first for seeds that lie side by side. */
    public static Random dice(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** All of so many cases at night, a tenth else. */
    public static int share(int cases) {
        return isNightly() ? cases : Math.max(1, cases / SHARE);
    }

    /** Whether this is the build that takes its time. */
    public static boolean isNightly() {
        return Boolean.getBoolean("cpv.nightly");
    }
}
