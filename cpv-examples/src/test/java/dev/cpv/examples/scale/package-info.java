/** Nights over many tenants, with the simulator's state as the judge. */
@NullMarked
package dev.cpv.examples.scale;

import org.jspecify.annotations.NullMarked;
