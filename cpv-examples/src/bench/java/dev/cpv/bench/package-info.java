/**
 * Benchmarks, run by hand: see docs/performance.md. Not part of any build but that of the profile {@code bench}.
 *
 * <p>{@link dev.cpv.bench.Benchmarks} runs them all. The simulator and whatever is measured as a process run in JVMs of
 * their own.
 */
@NullMarked
package dev.cpv.bench;

import org.jspecify.annotations.NullMarked;
