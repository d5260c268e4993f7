package dev.cpv.spi;

import dev.cpv.model.OperationKind;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One operation on one tenant: its kind, tenant, options and deadline. What a directory keeps between the calls is in
 * its {@link TenantSession}. A context is used by one thread at a time and dropped at the operation's end.
 */
public final class RefreshContext {
    private final OperationKind operation;
    private final TenantId tenant;
    private final TenantRoute route;
    private final RefreshOptions options;
    private final Instant deadline;
    private final UUID correlationId;
    private final AtomicInteger requests = new AtomicInteger();

    private RefreshContext(
            OperationKind operation,
            TenantId tenant,
            TenantRoute route,
            RefreshOptions options,
            Instant deadline,
            UUID correlationId) {
        this.operation = Objects.requireNonNull(operation, "operation");
        this.tenant = Objects.requireNonNull(tenant, "tenant");
        this.route = Objects.requireNonNull(route, "route");
        this.options = Objects.requireNonNull(options, "options");
        this.deadline = Objects.requireNonNull(deadline, "deadline");
        this.correlationId = correlationId;
    }

    /**
     * Starts an operation.
     *
     * @param operation what is done
     * @param tenant the tenant
     * @param route how it is reached
     * @param options how the operation is to be done
     * @param now the start, to which the options' timeout is added
     * @return a new context with a random correlation id
     */
    public static RefreshContext start(
            OperationKind operation, TenantId tenant, TenantRoute route, RefreshOptions options, Instant now) {
        return new RefreshContext(
                operation, tenant, route, options, deadline(now, options.timeout()), UUID.randomUUID());
    }

    /** The end of time, where the timeout is longer than that. */
    private static Instant deadline(Instant now, Duration timeout) {
        return timeout.compareTo(Duration.between(now, Instant.MAX)) < 0 ? now.plus(timeout) : Instant.MAX;
    }

    /**
     * Starts a refresh.
     *
     * @param tenant the tenant
     * @param route how it is reached
     * @param options how the operation is to be done
     * @param now the start, to which the options' timeout is added
     * @return a new context with a random correlation id
     */
    public static RefreshContext start(TenantId tenant, TenantRoute route, RefreshOptions options, Instant now) {
        return start(OperationKind.REFRESH, tenant, route, options, now);
    }

    /** Returns what the operation does. */
    public OperationKind operation() {
        return operation;
    }

    /** Returns the tenant. */
    public TenantId tenant() {
        return tenant;
    }

    /** Returns how the tenant is reached. */
    public TenantRoute route() {
        return route;
    }

    /** Returns how the operation is to be done. */
    public RefreshOptions options() {
        return options;
    }

    /** Returns the deadline, after which nothing new is started. */
    public Instant deadline() {
        return deadline;
    }

    /** Returns the time left until the deadline; zero or less once it has passed. */
    public Duration timeLeft(Instant now) {
        return Duration.between(now, deadline);
    }

    /** Returns the id under which services and logs know this operation. */
    public UUID correlationId() {
        return correlationId;
    }

    /** Returns whether the caller wants the operation to stop: it cancelled, or the thread is interrupted. */
    public boolean isCancelled() {
        return options.isCancelled() || Thread.currentThread().isInterrupted();
    }

    /** Counts one request on the wire. The directory calls this before it sends one. */
    public void countRequest() {
        requests.incrementAndGet();
    }

    /** Returns how many requests were sent so far. */
    public int requests() {
        return requests.get();
    }

    @Override
    public String toString() {
        return tenant + " " + correlationId;
    }
}
