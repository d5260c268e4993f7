package dev.cpv.graph;

/**
 * The outcome of one webhook delivery, and the HTTP status to respond with. New constants may appear in a minor release; keep a
 * default branch.
 */
public enum WebhookVerdict {
    /** The delivery is genuine and new. */
    ACCEPTED(202),
    /** The delivery is genuine and was accepted before; Partner Center delivers an event again if it received no answer. */
    REPLAYED(200),
    /** The delivery is larger than any event. */
    TOO_LARGE(413),
    /** The delivery has no signature, or one with another algorithm. */
    UNSIGNED(401),
    /** The certificate is not published at Microsoft's URL, not valid, or not trusted. */
    CERTIFICATE_REFUSED(401),
    /** The certificate could not be fetched; a later delivery may succeed. */
    CERTIFICATE_UNAVAILABLE(503),
    /** The signature does not match the body. */
    SIGNATURE_WRONG(401),
    /** The delivery is genuine but is not an event. */
    MALFORMED(400),
    /** The delivery is genuine, but its time is too far in the past or future to detect a replay. */
    OUT_OF_TIME(400),
    /** The delivery is genuine and new, but its tenant could not be determined; a later delivery may succeed. */
    LOOKUP_FAILED(503);

    private final int httpStatus;

    WebhookVerdict(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /**
     * Returns the HTTP status to respond with. Partner Center delivers again, up to ten times, unless the response is 2xx.
     *
     * @return the HTTP status
     */
    public int httpStatus() {
        return httpStatus;
    }
}
