/** The command line of cpv, which is a complete user of the library, and one small example for each topic. */
@NullMarked
package dev.cpv.examples;

import org.jspecify.annotations.NullMarked;
