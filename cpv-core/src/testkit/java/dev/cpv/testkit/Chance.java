package dev.cpv.testkit;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * The seeds of a chance test. Each build runs a tenth of the cases, always the same ones, so that only its change can
 * make it fail; the nightly build ({@code -Pnightly}) runs all of them with new seeds, and prints the first one.
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

    /** Dice for a seed. Those of {@code java.util.Random} begin alike for seeds that are close to each other. */
    public static Random dice(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** All of so many cases at night, otherwise a tenth. */
    public static int share(int cases) {
        return isNightly() ? cases : Math.max(1, cases / SHARE);
    }

    /** Whether this is the nightly build. */
    public static boolean isNightly() {
        return Boolean.getBoolean("cpv.nightly");
    }
}
