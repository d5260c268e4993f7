/** Consent through Partner Center. Not part of the API. */
@NullMarked
package dev.cpv.graph.internal.consent;

import org.jspecify.annotations.NullMarked;
