/** Sending one request over the wire, only to allowed hosts. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.http;

import org.jspecify.annotations.NullMarked;
