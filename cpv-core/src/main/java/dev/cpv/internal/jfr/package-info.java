/** JDK Flight Recorder events. Not exported; their names and fields are documented in {@code docs/observability.md}. */
@NullMarked
package dev.cpv.internal.jfr;

import org.jspecify.annotations.NullMarked;
