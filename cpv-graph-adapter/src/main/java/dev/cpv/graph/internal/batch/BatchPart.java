package dev.cpv.graph.internal.batch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One request within a batch. Immutable.
 *
 * @param method the HTTP method
 * @param url the URL relative to Graph's version root, with a slash in front
 * @param body the body as JSON text, or null for none
 */
public record BatchPart(String method, String url, @Nullable String body) {
    /**
     * Creates a part that reads.
     *
     * @param url the URL relative to Graph's version root, with a slash in front
     * @return the part
     */
    public static BatchPart get(String url) {
        return new BatchPart("GET", url, null);
    }

    /**
     * Returns whether the part only reads.
     *
     * @return whether it changes nothing
     */
    public boolean isRead() {
        return method.equals("GET");
    }

    /**
     * Returns whether a body is plausible for a success: an object that is read or created has an id, a list has its values, and
     * an update, a deletion or an added reference has no body, in particular no text other than JSON.
     *
     * @param body the body of a part that was answered with success
     * @return whether it contains what the part requested
     */
    boolean isAnsweredBy(JsonNode body) {
        boolean expectsBody = isRead() || (method.equals("POST") && !url.endsWith("/$ref"));
        return expectsBody
                ? body.path("id").isTextual() || body.path("value").isArray()
                : body.asText("").isBlank();
    }
}
