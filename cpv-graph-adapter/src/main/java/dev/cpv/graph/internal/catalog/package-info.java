/** The partner's customers: delegated admin relationships and Partner Center's list. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.catalog;

import org.jspecify.annotations.NullMarked;
