/**
 * Values and pure functions: what is required, what was observed, the plan between the two, and how it can fail.
 *
 * <p>Nothing here does I/O (but for reading a manifest file it is handed), waits, or reads a clock. Everything is
 * immutable and can be shared between threads.
 */
@NullMarked
package dev.cpv.model;

import org.jspecify.annotations.NullMarked;
