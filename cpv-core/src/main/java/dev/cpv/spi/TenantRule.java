package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody decided of a tenant against what the catalog says: leave it out, or take it all the same (R30). By GUID, so that it
 * outlives a change of names and a new list.
 *
 * @param tenant the tenant
 * @param kind what was decided
 * @param reason why, without secrets
 * @param author who decided
 * @param since when
 * @param until when the rule ends; empty if it has no end
 */
public record TenantRule(
        TenantId tenant, Kind kind, String reason, String author, Instant since, Optional<Instant> until) {
    private static final int MAX_TEXT = 1000;

    /**
     * Creates the rule.
     *
     * @param tenant the tenant
     * @param kind what was decided
     * @param reason why, 1 to 1,000 characters without secrets
     * @param author who decided, 1 to 1,000 characters
     * @param since when
     * @param until when the rule ends; empty if it has no end
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if reason or author is blank or too long
     */
    public TenantRule {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(kind, "kind");
        requireText(reason, "reason");
        requireText(author, "author");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(until, "until");
    }

    private static void requireText(String text, String what) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(what + " needs 1 to " + MAX_TEXT + " characters");
        }
    }

    /**
     * Makes a rule without end that leaves a tenant out.
     *
     * @param tenant the tenant
     * @param reason why
     * @param author who decided
     * @param since when
     * @return the rule
     */
    public static TenantRule exclude(TenantId tenant, String reason, String author, Instant since) {
        return new TenantRule(tenant, Kind.EXCLUDE, reason, author, since, Optional.empty());
    }

    /**
     * Makes a rule without end that takes a tenant which the catalog does not list, or calls not manageable.
     *
     * @param tenant the tenant
     * @param reason why
     * @param author who decided
     * @param since when
     * @return the rule
     */
    public static TenantRule include(TenantId tenant, String reason, String author, Instant since) {
        return new TenantRule(tenant, Kind.INCLUDE, reason, author, since, Optional.empty());
    }

    /**
     * Gives the rule an end.
     *
     * @param end from then on it does not hold
     * @return a changed rule
     */
    public TenantRule until(Instant end) {
        return new TenantRule(tenant, kind, reason, author, since, Optional.of(end));
    }

    /**
     * Says whether the rule holds.
     *
     * @param now the time
     * @return false once its end has come
     */
    public boolean isActive(Instant now) {
        return until.map(now::isBefore).orElse(true);
    }

    /** What was decided. New constants may appear in a minor release; keep a default branch. */
    public enum Kind {
        /** The tenant is left out, whatever the catalog says. */
        EXCLUDE,
        /** The tenant is taken though the catalog does not list it, or calls it not manageable. */
        INCLUDE
    }
}
