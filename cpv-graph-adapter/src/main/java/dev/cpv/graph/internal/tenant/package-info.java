/** Reading and writing one tenant by batches. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.tenant;

import org.jspecify.annotations.NullMarked;
