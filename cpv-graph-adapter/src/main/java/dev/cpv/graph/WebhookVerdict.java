package dev.cpv.graph;

/**
 * What became of a webhook's delivery, and what to answer. New constants may appear in a minor release; keep a default branch.
 */
public enum WebhookVerdict {
    /** It is genuine and new. */
    ACCEPTED(202),
    /** It is genuine and was taken before; Partner Center delivers again what it got no answer for. */
    REPLAYED(200),
    /** It is larger than an event is. */
    TOO_LARGE(413),
    /** It has no signature, or one by another algorithm. */
    UNSIGNED(401),
    /** Its certificate is at another place than Microsoft's, not valid, or not trusted. */
    CERTIFICATE_REFUSED(401),
    /** Its certificate could not be had for the moment. */
    CERTIFICATE_UNAVAILABLE(503),
    /** Its signature is not one of its body. */
    SIGNATURE_WRONG(401),
    /** It is genuine and no event. */
    MALFORMED(400),
    /** It is genuine, and too old or too far ahead to tell whether it is a replay. */
    OUT_OF_TIME(400),
    /** It is genuine and new, and which tenant it is about could not be found out for the moment. */
    LOOKUP_FAILED(503);

    private final int httpStatus;

    WebhookVerdict(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /**
     * Returns what to answer to the delivery. Partner Center delivers again, up to ten times, what was not answered with 2xx.
     *
     * @return the HTTP status
     */
    public int httpStatus() {
        return httpStatus;
    }
}
