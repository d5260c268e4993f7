/** Classifies what Microsoft's services answer into cpv's failures. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.failure;

import org.jspecify.annotations.NullMarked;
