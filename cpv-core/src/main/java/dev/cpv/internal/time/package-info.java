/** Values about waiting. Not exported. */
@NullMarked
package dev.cpv.internal.time;

import org.jspecify.annotations.NullMarked;
