/**
 * The interfaces that others implement: the directory that cpv reads and writes, the journal, the fleet store, the tenant catalog, and
 * the sleeper.
 *
 * <p>Each port's Javadoc numbers the rules that an implementation must obey; the conformance suites of the artifact with
 * the classifier {@code conformance} test them one by one.
 */
@NullMarked
package dev.cpv.spi;

import org.jspecify.annotations.NullMarked;
