package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A person's decision about a tenant that overrides the catalog: runs leave it out, or take it anyway (R30). The tenant is identified by
 * its GUID, so the rule survives changed names and a new list.
 *
 * @param tenant the tenant
 * @param kind the decision
 * @param reason why, 1 to 1,000 characters without secrets
 * @param author who decided, 1 to 1,000 characters
 * @param since when it was decided
 * @param until when the rule ends; empty if it has no end
 */
public record TenantRule(
        TenantId tenant, Kind kind, String reason, String author, Instant since, Optional<Instant> until) {
    private static final int MAX_TEXT = 1000;

    /**
     * Creates the rule.
     *
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
     * Returns a rule without end that leaves a tenant out.
     *
     * @param tenant the tenant
     * @param reason why
     * @param author who decided
     * @param since when it was decided
     */
    public static TenantRule exclude(TenantId tenant, String reason, String author, Instant since) {
        return new TenantRule(tenant, Kind.EXCLUDE, reason, author, since, Optional.empty());
    }

    /**
     * Returns a rule without end that takes a tenant which the catalog does not list, or lists as not manageable.
     *
     * @param tenant the tenant
     * @param reason why
     * @param author who decided
     * @param since when it was decided
     */
    public static TenantRule include(TenantId tenant, String reason, String author, Instant since) {
        return new TenantRule(tenant, Kind.INCLUDE, reason, author, since, Optional.empty());
    }

    /** Returns the rule with an end; from that moment on it does not apply. */
    public TenantRule until(Instant end) {
        return new TenantRule(tenant, kind, reason, author, since, Optional.of(end));
    }

    /** Returns whether the rule applies at a moment; false from its end on. */
    public boolean isActive(Instant now) {
        return until.map(now::isBefore).orElse(true);
    }

    /** The decision. New constants may appear in a minor release; keep a default branch. */
    public enum Kind {
        /** The tenant is left out even if the catalog lists it. */
        EXCLUDE,
        /** The tenant is taken even if the catalog does not list it, or lists it as not manageable. */
        INCLUDE
    }
}
