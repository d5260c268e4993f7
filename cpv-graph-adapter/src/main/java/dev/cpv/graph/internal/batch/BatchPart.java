package dev.cpv.graph.internal.batch;

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
}
