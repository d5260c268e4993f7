/** The tool's own requests to Graph, made by the Graph SDK and sent by cpv. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.client;

import org.jspecify.annotations.NullMarked;
