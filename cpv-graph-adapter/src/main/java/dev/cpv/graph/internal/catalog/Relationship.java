package dev.cpv.graph.internal.catalog;

import static dev.cpv.graph.internal.json.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.model.Guids;
import dev.cpv.model.TenantId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The data of a delegated admin relationship (GDAP) with a customer that the tenant list needs: see
 * https://learn.microsoft.com/graph/api/resources/delegatedadminrelationship. Immutable.
 *
 * @param name its name, which is the partner's choice
 * @param customer the tenant that it is for; empty until a customer opens the offer
 * @param customerName the name of that customer, or an empty text
 * @param status the status as Graph spells it; new ones may appear
 * @param administers whether its roles allow anything that a refresh does
 * @param activatedAt when it became active, if it has
 * @param endsAt when it ends or ended
 * @param prolongs whether it is prolonged at its end
 */
public record Relationship(
        String name,
        Optional<TenantId> customer,
        String customerName,
        String status,
        boolean administers,
        Optional<Instant> activatedAt,
        Optional<Instant> endsAt,
        boolean prolongs) {
    /** How long a new relationship takes to work everywhere, as observed in practice. */
    public static final Duration PROPAGATION = Duration.ofMinutes(15);

    /** The name prefix of relationships that Microsoft created itself, from old ones, with read-only roles. */
    private static final String MADE_BY_MICROSOFT = "MLT_";

    /** All mean that the relationship is not extended. */
    private static final Set<String> NO_EXTENSION = Set.of("", "P0D", "PT0S");

    /**
     * Template ids of the roles with which grants can be written: Application, Cloud Application and Global Administrator,
     * Privileged Role Administrator, Directory Writers, User Administrator. With none of them nothing can be refreshed.
     */
    private static final Set<String> WRITING_ROLES = Set.of(
            "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
            "158c047a-c907-4556-b7ef-446551a6b5f7",
            "62e90394-69f5-4237-9190-012177145e10",
            "e8611ab8-c189-46e8-94e1-60213ab1f814",
            "9360feb5-f418-4baa-8175-e2a00bac4301",
            "fe930be7-5e62-47db-91af-98c3a49a38b1");

    /** The state of a relationship. A customer has the first of these states that one of its relationships has. */
    public enum Standing {
        /** It works. */
        USABLE,
        /** It is approved, but does not work everywhere yet. */
        NOT_READY,
        /** The customer has to approve it. */
        PENDING,
        /** Microsoft created it, with read-only roles. */
        READ_ONLY,
        /** cpv does not know its status. */
        UNKNOWN,
        /** It expired or was terminated. */
        ENDED
    }

    static Relationship parse(JsonNode node) {
        JsonNode customer = node.path("customer");
        return new Relationship(
                text(node, "displayName"),
                Guids.find(text(customer, "tenantId")).map(TenantId::new),
                text(customer, "displayName"),
                text(node, "status"),
                administers(node.path("accessDetails").path("unifiedRoles")),
                instant(text(node, "activatedDateTime")),
                instant(text(node, "endDateTime")),
                !NO_EXTENSION.contains(text(node, "autoExtendDuration")));
    }

    private static boolean administers(JsonNode roles) {
        for (JsonNode role : roles) {
            if (WRITING_ROLES.contains(text(role, "roleDefinitionId").toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the state of the relationship.
     *
     * @param now the current time
     * @param propagation how long a new relationship takes to work
     * @return the state
     */
    public Standing standing(Instant now, Duration propagation) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "active" -> active(now, propagation);
            case "approved", "activating" -> isReadOnly() ? Standing.READ_ONLY : Standing.NOT_READY;
            case "created", "approvalpending" -> Standing.PENDING;
            case "expiring", "expired", "terminationrequested", "terminating", "terminated" -> Standing.ENDED;
            default -> Standing.UNKNOWN;
        };
    }

    private Standing active(Instant now, Duration propagation) {
        if (isReadOnly()) {
            return Standing.READ_ONLY;
        }
        if (!prolongs && endsAt.filter(end -> !now.isBefore(end)).isPresent()) {
            return Standing.ENDED; // Graph will report that soon.
        }
        return readyAt(propagation).filter(now::isBefore).isPresent() ? Standing.NOT_READY : Standing.USABLE;
    }

    private boolean isReadOnly() {
        return name.startsWith(MADE_BY_MICROSOFT);
    }

    /**
     * Returns the time from which it works.
     *
     * @param propagation how long a new relationship takes to work
     * @return the time, or empty if it is not active yet
     */
    public Optional<Instant> readyAt(Duration propagation) {
        return activatedAt
                .filter(activated -> status.equalsIgnoreCase("active"))
                .map(activated -> activated.plus(propagation));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
