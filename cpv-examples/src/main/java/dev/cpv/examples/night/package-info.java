/** A night in a process of its own: a timer that starts it, and its report as an HTML page. To be copied and changed. */
@NullMarked
package dev.cpv.examples.night;

import org.jspecify.annotations.NullMarked;
