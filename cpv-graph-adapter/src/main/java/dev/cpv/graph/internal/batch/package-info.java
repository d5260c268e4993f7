/** The JSON batch transport of Microsoft Graph. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.batch;

import org.jspecify.annotations.NullMarked;
