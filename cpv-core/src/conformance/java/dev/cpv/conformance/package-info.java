/**
 * The conformance suites: JUnit Jupiter tests, one or more for each numbered rule of a port, for those who implement it.
 *
 * <p>For a directory of your own, extend {@link dev.cpv.conformance.TenantDirectoryConformance} and hand it a
 * {@link dev.cpv.conformance.TenantDirectorySubject}: the directory, and the means to set tenants up without it. For a
 * journal, extend {@link dev.cpv.conformance.RefreshJournalConformance}. What a suite needs is JUnit Jupiter alone. A minor
 * release may add rules; the changelog says so.
 */
@NullMarked
package dev.cpv.conformance;

import org.jspecify.annotations.NullMarked;
