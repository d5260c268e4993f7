/** Nights over many tenants, checked against the simulator's state. */
@NullMarked
package dev.cpv.examples.scale;

import org.jspecify.annotations.NullMarked;
