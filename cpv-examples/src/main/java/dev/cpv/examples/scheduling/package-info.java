/** The night, started by schedulers that other people wrote. cpv knows none of them. */
@NullMarked
package dev.cpv.examples.scheduling;

import org.jspecify.annotations.NullMarked;
