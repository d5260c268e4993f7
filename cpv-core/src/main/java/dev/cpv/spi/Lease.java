package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The right to work on a tenant, given by a {@link RefreshJournal} to one owner at a time (R34). It ends by itself, so that
 * a process that died blocks nobody for ever.
 *
 * @param tenant the tenant
 * @param owner who has it, as told to those who have to wait
 * @param until when it ends; at that moment another one can have it
 * @param fencing greater than in every earlier lease of the tenant: what a late holder writes is known by it, and refused
 */
public record Lease(TenantId tenant, String owner, Instant until, long fencing) {
    private static final int MAX_OWNER = 200;

    /**
     * Creates the lease; for journals.
     *
     * @param tenant the tenant
     * @param owner who has it: 1 to 200 characters
     * @param until when it ends
     * @param fencing greater than in every earlier lease of the tenant
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the owner is blank or too long
     */
    public Lease {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(until, "until");
        if (owner.isBlank() || owner.length() > MAX_OWNER) {
            throw new IllegalArgumentException("owner needs 1 to " + MAX_OWNER + " characters: '" + owner + "'");
        }
    }

    /**
     * Returns how long it lasts yet.
     *
     * @param now the time
     * @return the time left; zero once it has ended
     */
    public Duration left(Instant now) {
        return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
    }
}
