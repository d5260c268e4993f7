package dev.cpv.graph.internal.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The common data of error responses of Microsoft Graph and Partner Center. */
interface ServiceError {
    /** The HTTP status. */
    int status();

    /** What kind of body it was. */
    ErrorBody.Kind kind();

    /** The service's main code; empty if there is none. */
    String code();

    /** What happened, in one line; never empty. */
    String message();

    /** All texts of the body, to be searched and never shown. */
    List<String> texts();

    /** Whether the service asks for more authentication than the token shows. */
    boolean hasClaimsChallenge();

    /** The id of the request, or null. */
    @Nullable
    String requestId();

    /** Whether any text contains a phrase, in upper or lower case. */
    default boolean says(String phrase) {
        return texts().stream().anyMatch(text -> Redactor.contains(text, phrase));
    }
}
