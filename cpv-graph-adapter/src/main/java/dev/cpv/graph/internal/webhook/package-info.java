/** Verifying and reading what Partner Center's webhooks deliver. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.webhook;

import org.jspecify.annotations.NullMarked;
