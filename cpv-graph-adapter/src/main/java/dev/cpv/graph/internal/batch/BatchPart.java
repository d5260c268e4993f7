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
     * Makes a part that reads.
     *
     * @param url the URL relative to Graph's version root, with a slash in front
     * @return the part
     */
    public static BatchPart get(String url) {
        return new BatchPart("GET", url, null);
    }

    /**
     * Says whether the part reads and changes nothing.
     *
     * @return whether it does
     */
    public boolean isRead() {
        return method.equals("GET");
    }

    /**
     * Says whether a body can be that of a success: what is read or created has an id, a list has its values, and what is changed,
     * deleted or added as a reference has no body, least of all a text that is no JSON.
     *
     * @param body the body of a part that was answered with success
     * @return whether it holds what was asked for
     */
    boolean isAnsweredBy(JsonNode body) {
        boolean expectsBody = isRead() || (method.equals("POST") && !url.endsWith("/$ref"));
        return expectsBody
                ? body.path("id").isTextual() || body.path("value").isArray()
                : body.asText("").isBlank();
    }
}
