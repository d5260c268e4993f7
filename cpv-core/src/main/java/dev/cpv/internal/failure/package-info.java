/** The one JSON form of a failure, in results and reports. Not exported. */
@NullMarked
package dev.cpv.internal.failure;

import org.jspecify.annotations.NullMarked;
