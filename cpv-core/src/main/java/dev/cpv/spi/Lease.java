package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The right to work on a tenant, which a {@link RefreshJournal} grants to one owner at a time (R34). It expires, so a process that died
 * does not block others forever.
 *
 * @param tenant the tenant
 * @param owner the holder, 1 to 200 characters, as reported to callers that have to wait
 * @param until when it ends; from that moment another owner can acquire it
 * @param fencing the fencing number, greater than in every earlier lease of the tenant; writes under an older one are refused
 */
public record Lease(TenantId tenant, String owner, Instant until, long fencing) {
    private static final int MAX_OWNER = 200;

    /**
     * Creates the lease; for journals.
     *
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

    /** Returns the time left at a moment; zero once the lease has ended. */
    public Duration left(Instant now) {
        return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
    }
}
