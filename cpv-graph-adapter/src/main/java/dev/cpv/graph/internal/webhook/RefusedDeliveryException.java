package dev.cpv.graph.internal.webhook;

import dev.cpv.graph.WebhookVerdict;
import org.jspecify.annotations.Nullable;

/** Thrown when a delivery is refused; carries the reason. */
public final class RefusedDeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final WebhookVerdict verdict;

    /**
     * Creates the exception.
     *
     * @param verdict the verdict
     * @param message what is wrong, without text from the delivery
     * @param cause the cause, or null
     */
    public RefusedDeliveryException(WebhookVerdict verdict, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.verdict = verdict;
    }

    /**
     * Returns the verdict.
     *
     * @return the verdict
     */
    public WebhookVerdict verdict() {
        return verdict;
    }
}
