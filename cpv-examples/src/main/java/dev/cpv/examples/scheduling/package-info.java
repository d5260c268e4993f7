/** The night, started by third-party schedulers. cpv depends on none of them. */
@NullMarked
package dev.cpv.examples.scheduling;

import org.jspecify.annotations.NullMarked;
