/** Reading what the services' JSON holds. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.json;

import org.jspecify.annotations.NullMarked;
