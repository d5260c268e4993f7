/**
 * Test doubles for the tools that embed cpv: a directory that keeps state and can be made to fail, a clock that
 * moves instead of waiting, and a listener that records. No test framework is needed.
 */
@NullMarked
package dev.cpv.testing;

import org.jspecify.annotations.NullMarked;
