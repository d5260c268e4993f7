package dev.cpv.graph.internal.webhook;

import static dev.cpv.graph.internal.json.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.WebhookVerdict;
import dev.cpv.graph.internal.json.Json;
import dev.cpv.model.Guids;
import dev.cpv.model.TenantId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a delivery: see https://learn.microsoft.com/partner-center/developer/partner-center-webhook-events. Its URLs are
 * read and never followed. Immutable.
 *
 * @param name the name of the event
 * @param changedAt when the change happened
 * @param relationship the id of the relationship (GDAP) that it concerns, or empty
 * @param customer the customer that it names, or empty
 */
public record Notification(String name, Instant changedAt, Optional<String> relationship, Optional<TenantId> customer) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");
    private static final Pattern RELATIONSHIP =
            Pattern.compile("/granularAdminRelationships/([0-9A-Za-z-]{1,100})(/|$)");
    private static final Pattern CUSTOMER = Pattern.compile("/customers/([0-9A-Fa-f-]{36})(/|$)");

    /**
     * Reads a delivery's body.
     *
     * @param body JSON in UTF-8, bounded in size by the caller
     * @return its content
     * @throws RefusedDeliveryException if it is no event
     */
    public static Notification parse(byte[] body) throws RefusedDeliveryException {
        try {
            JsonNode event = Json.readStrictly(body);
            String name = text(event, "EventName");
            String resource = text(event, "ResourceUri");
            if (!NAME.matcher(name).matches()) {
                throw malformed("The event has no name", null);
            }
            return new Notification(
                    name,
                    OffsetDateTime.parse(text(event, "ResourceChangeUtcDate")).toInstant(),
                    found(RELATIONSHIP, resource),
                    found(CUSTOMER, resource).flatMap(guid -> Guids.find(guid).map(TenantId::new)));
        } catch (DateTimeException e) {
            throw malformed("The event has no time", e);
        } catch (IOException e) {
            throw malformed("The body is not JSON", e);
        }
    }

    private static Optional<String> found(Pattern pattern, String uri) {
        Matcher matcher = pattern.matcher(uri);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static RefusedDeliveryException malformed(String message, @Nullable Throwable cause) {
        return new RefusedDeliveryException(WebhookVerdict.MALFORMED, message, cause);
    }
}
