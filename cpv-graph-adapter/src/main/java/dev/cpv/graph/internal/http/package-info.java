/** Sending one request over the wire, to allowed hosts alone. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.http;

import org.jspecify.annotations.NullMarked;
