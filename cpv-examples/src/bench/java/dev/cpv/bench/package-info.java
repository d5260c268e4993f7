/**
 * Benchmarks, run manually: see docs/performance.md. Part of no build but that of the profile {@code bench}.
 *
 * <p>{@link dev.cpv.bench.Benchmarks} runs them all. The simulator, and everything that is measured as a process, run in their own
 * JVMs.
 */
@NullMarked
package dev.cpv.bench;

import org.jspecify.annotations.NullMarked;
