/** The command line of cpv, which is the library's smallest real user, and one small program per idea. */
@NullMarked
package dev.cpv.examples;

import org.jspecify.annotations.NullMarked;
