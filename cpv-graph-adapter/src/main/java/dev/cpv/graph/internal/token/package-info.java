/**
 * Redeeming and caching tokens; {@link dev.cpv.graph.internal.token.TokenSource} is the entry point. Not part of the API.
 *
 * <p>msal4j is used only as a protocol client: it writes the token request, with the client secret or the signed assertion,
 * and its caches, retries, discovery, threads and error mapping are not used. It logs each refused redemption as a warning
 * and each call as information, which cpv reports itself through its results: set the loggers below
 * {@code com.microsoft.aad.msal4j} to {@code ERROR} to silence that. cpv never changes the logging of the application that
 * embeds it.
 */
@NullMarked
package dev.cpv.graph.internal.token;

import org.jspecify.annotations.NullMarked;
