/** Nightly runs in a process of their own: a timer that starts them, and their report as an HTML page. For copying and changing. */
@NullMarked
package dev.cpv.examples.night;

import org.jspecify.annotations.NullMarked;
