package dev.cpv.graph;

import dev.cpv.model.CpvFailure;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The result of one webhook delivery. Immutable. */
public final class WebhookResult {
    private final WebhookVerdict verdict;
    private final String message;
    private final @Nullable PartnerEvent event;
    private final @Nullable CpvFailure failure;

    WebhookResult(WebhookVerdict verdict, String message, @Nullable PartnerEvent event, @Nullable CpvFailure failure) {
        this.verdict = Objects.requireNonNull(verdict, "verdict");
        this.message = Objects.requireNonNull(message, "message");
        this.event = event;
        this.failure = failure;
    }

    /**
     * Returns the verdict.
     *
     * @return the verdict, which contains the HTTP status to respond with
     */
    public WebhookVerdict verdict() {
        return verdict;
    }

    /**
     * Returns the event.
     *
     * @return the event if the verdict is {@link WebhookVerdict#ACCEPTED}, else empty
     */
    public Optional<PartnerEvent> event() {
        return Optional.ofNullable(event);
    }

    /**
     * Returns why the tenant could not be determined.
     *
     * @return the failure if the verdict is {@link WebhookVerdict#LOOKUP_FAILED} and a service refused the request, else empty
     */
    public Optional<CpvFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Returns the result in words.
     *
     * @return the message, which contains nothing of an unverified delivery
     */
    public String message() {
        return message;
    }

    @Override
    public String toString() {
        return verdict + ": " + message;
    }
}
