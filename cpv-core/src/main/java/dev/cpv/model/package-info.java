/**
 * Values and pure functions: what is required, what was observed, the plan between the two, and how it can fail.
 *
 * <p>Nothing here does I/O (but for reading a manifest file it is handed), waits, or reads a clock. Everything is immutable and
 * can be shared between threads; {@link dev.cpv.model.Cancellation} alone has state that changes, and can be shared too.
 *
 * <p>What a directory observes ({@link dev.cpv.model.ObservedTenant} and its parts) is here, because the planner reads it.
 */
@NullMarked
package dev.cpv.model;

import org.jspecify.annotations.NullMarked;
