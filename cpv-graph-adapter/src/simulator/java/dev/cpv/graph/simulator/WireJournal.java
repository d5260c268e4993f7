package dev.cpv.graph.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The requests that the simulator received, in order. Thread-safe and bounded: when it is full, the oldest entries are
 * removed. It holds no header and no body, hence no token and no secret.
 */
public final class WireJournal {
    /**
     * One request and the status of its answer.
     *
     * @param sequence its number, from 1
     * @param at when it was answered, on the simulator's clock
     * @param tenantId the tenant that it was about, or null if it named no existing tenant
     * @param endpoint the kind of request
     * @param method the HTTP method
     * @param path path and query without the prefix of the service
     * @param status the HTTP status; 0 if the connection was cut instead
     * @param parts the parts of a batch, empty otherwise
     */
    public record Entry(
            long sequence,
            Instant at,
            @Nullable String tenantId,
            Endpoint endpoint,
            String method,
            String path,
            int status,
            List<Part> parts) {

        /**
         * Copies the parts.
         *
         * @param sequence its number
         * @param at when it was answered
         * @param tenantId the tenant
         * @param endpoint the kind of request
         * @param method the HTTP method
         * @param path path and query
         * @param status the HTTP status
         * @param parts the parts of a batch
         */
        public Entry {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One part of a batch.
     *
     * @param id its id within the batch
     * @param method the HTTP method
     * @param url path and query
     * @param status the status of its answer; 0 if the answer was withheld
     */
    public record Part(String id, String method, String url, int status) {

        /**
         * Whether the part is a write.
         *
         * @return false for {@code GET}
         */
        public boolean write() {
            return !method.equals("GET");
        }
    }

    /**
     * A request to Microsoft Graph, or a part of a batch, that was refused because it broke the published contract.
     *
     * @param at when, on the simulator's clock
     * @param tenantId the tenant that it was about
     * @param method the HTTP method
     * @param url path and query
     * @param problem what is wrong: message keys of the checker and positions in the body, without values
     */
    public record ContractViolation(Instant at, String tenantId, String method, String url, String problem) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Deque<ContractViolation> violations = new ArrayDeque<>();
    private final int capacity;
    private long sequence;

    WireJournal(int capacity) {
        this.capacity = capacity;
    }

    void add(Instant at, SimulatedService.Route route, WireRequest request, int status, List<Part> parts) {
        lock.lock();
        try {
            sequence++;
            entries.add(new Entry(
                    sequence, at, route.tenantId(), route.endpoint(), request.method(), request.url(), status, parts));
            while (entries.size() > capacity) {
                entries.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    void add(ContractViolation violation) {
        lock.lock();
        try {
            violations.add(violation);
            while (violations.size() > capacity) {
                violations.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The requests that broke the contract of Microsoft Graph, for all tenants together. A correct client causes none.
     *
     * @return a copy, oldest first
     */
    public List<ContractViolation> contractViolations() {
        lock.lock();
        try {
            return new ArrayList<>(violations);
        } finally {
            lock.unlock();
        }
    }

    /**
     * All requests that the journal still holds.
     *
     * @return a copy, oldest first
     */
    public List<Entry> requests() {
        lock.lock();
        try {
            return new ArrayList<>(entries);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The requests about one tenant.
     *
     * @param tenantId the tenant's GUID
     * @return a copy, oldest first
     */
    public List<Entry> requests(String tenantId) {
        String id = tenantId.toLowerCase(Locale.ROOT);
        return requests().stream().filter(entry -> id.equals(entry.tenantId())).toList();
    }

    /**
     * The requests of one kind about one tenant.
     *
     * @param tenantId the tenant's GUID
     * @param endpoint the kind
     * @return a copy, oldest first
     */
    public List<Entry> requests(String tenantId, Endpoint endpoint) {
        return requests(tenantId).stream()
                .filter(entry -> entry.endpoint() == endpoint)
                .toList();
    }

    /**
     * The number of requests of one kind about one tenant.
     *
     * @param tenantId the tenant's GUID
     * @param endpoint the kind
     * @return the number, a batch counting as one
     */
    public int count(String tenantId, Endpoint endpoint) {
        return requests(tenantId, endpoint).size();
    }

    /**
     * The number of requests of one kind about all tenants.
     *
     * @param endpoint the kind
     * @return the number
     */
    public int count(Endpoint endpoint) {
        return Math.toIntExact(requests().stream()
                .filter(entry -> entry.endpoint() == endpoint)
                .count());
    }

    /**
     * The parts of all batches sent to one tenant.
     *
     * @param tenantId the tenant's GUID
     * @return a copy, oldest first
     */
    public List<Part> parts(String tenantId) {
        return requests(tenantId).stream()
                .flatMap(entry -> entry.parts().stream())
                .toList();
    }

    /** Removes all entries; the numbering continues. */
    public void clear() {
        lock.lock();
        try {
            entries.clear();
            violations.clear();
        } finally {
            lock.unlock();
        }
    }
}
