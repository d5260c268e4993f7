/** Retries, rate limits and waiting. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.resilience;

import org.jspecify.annotations.NullMarked;
