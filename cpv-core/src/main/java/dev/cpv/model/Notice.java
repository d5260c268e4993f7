package dev.cpv.model;

import java.util.Objects;

/**
 * Something about a resource that people should know, although it is no failure: it never blocks anything (R15).
 *
 * @param code what it is, as a failure code
 * @param resource the resource that it is about
 * @param message what to know, for people
 */
public record Notice(FailureCode code, AppId resource, String message) {
    /** Refuses nulls. */
    public Notice {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(message, "message");
    }
}
