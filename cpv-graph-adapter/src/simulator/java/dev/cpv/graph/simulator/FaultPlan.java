package dev.cpv.graph.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Planned faults: the simulator fails a request before or after it takes effect. Thread-safe.
 *
 * <pre>{@code
 * simulator.faults().on(tenant.id(), Endpoint.CONSENT_POST).respond(500);
 * simulator.faults().on(tenant.id(), Endpoint.GRAPH_WRITE).nth(3).afterEffect().reset();
 * simulator.faults().onPart(tenant.id(), "POST", "/oauth2PermissionGrants").afterEffect().respond(504);
 * simulator.faults().onAny(Endpoint.TOKEN_REFRESH).always().respond(429, Map.of("Retry-After", "5"), "");
 * }</pre>
 */
public final class FaultPlan {
    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    FaultPlan() {}

    /**
     * Plans a fault for one kind of request about one tenant.
     *
     * @param tenantId the tenant's GUID
     * @param endpoint the kind of request; {@link Endpoint#BATCH} is the whole batch
     * @return the fault, to be completed; it is planned when one of its methods without a result is called
     */
    public Step on(String tenantId, Endpoint endpoint) {
        String id = tenantId.toLowerCase(Locale.ROOT);
        return new Step(false, (route, request) -> id.equals(route.tenantId()) && route.endpoint() == endpoint);
    }

    /**
     * Plans a fault for one kind of request about any tenant.
     *
     * @param endpoint the kind of request
     * @return the fault, to be completed
     */
    public Step onAny(Endpoint endpoint) {
        return new Step(false, (route, request) -> route.endpoint() == endpoint);
    }

    /**
     * Plans a fault for requests of every kind about any tenant; a batch is one request.
     *
     * @return the fault, to be completed
     */
    public Step onAnyRequest() {
        return new Step(false, (route, request) -> true);
    }

    /**
     * Plans a fault for parts of batches to one tenant.
     *
     * @param tenantId the tenant's GUID
     * @param method the HTTP method of the part
     * @param pathPart text that the path of the part contains
     * @return the fault, to be completed; resetting a part or letting it time out cuts the connection of the whole
     *     batch
     */
    public Step onPart(String tenantId, String method, String pathPart) {
        String id = tenantId.toLowerCase(Locale.ROOT);
        String text = pathPart.toLowerCase(Locale.ROOT);
        return new Step(
                true,
                (route, request) -> id.equals(route.tenantId())
                        && request.method().equalsIgnoreCase(method)
                        && request.path().toLowerCase(Locale.ROOT).contains(text));
    }

    /** Removes all faults. */
    public void clear() {
        faults.clear();
    }

    /** The fault that applies to this request, if any. Counts the request against every fault that it matches. */
    Optional<Fault> forRequest(SimulatedService.Route route, WireRequest request) {
        return next(false, route, request);
    }

    /** The fault that applies to this part of a batch, if any. */
    Optional<Fault> forPart(SimulatedService.Route route, WireRequest part) {
        return next(true, route, part);
    }

    private Optional<Fault> next(boolean part, SimulatedService.Route route, WireRequest request) {
        @Nullable Fault struck = null;
        for (Fault fault : faults) {
            boolean due = fault.part == part && fault.trigger.matches(route, request) && fault.due();
            if (due && struck == null) {
                struck = fault;
            }
        }
        return Optional.ofNullable(struck);
    }

    /** Selects the requests to which a fault applies. */
    @FunctionalInterface
    interface Trigger {
        boolean matches(SimulatedService.Route route, WireRequest request);
    }

    /** A planned fault: changes the answer that the client would have received. */
    static final class Fault {
        private final boolean part;
        private final Trigger trigger;
        private final int first;
        private final int times;
        private final boolean afterEffect;
        private final UnaryOperator<WireAnswer> change;
        private final AtomicInteger matches = new AtomicInteger();

        private Fault(Step step, UnaryOperator<WireAnswer> change) {
            this.part = step.part;
            this.trigger = step.trigger;
            this.first = step.first;
            this.times = step.times;
            this.afterEffect = step.afterEffect;
            this.change = change;
        }

        private boolean due() {
            long match = matches.incrementAndGet();
            return match >= first && match < (long) first + times;
        }

        /** The answer to send. Calls the service only if the fault comes after the effect. */
        WireAnswer strike(Supplier<WireAnswer> service) {
            return change.apply(afterEffect ? service.get() : WireAnswer.CUT);
        }
    }

    /**
     * A fault being described. Without further settings it applies once, to the first matching request, before that
     * takes effect. Not thread-safe.
     */
    public final class Step {
        private final boolean part;
        private Trigger trigger;
        private int first = 1;
        private int times = 1;
        private boolean afterEffect;

        private Step(boolean part, Trigger trigger) {
            this.part = part;
            this.trigger = trigger;
        }

        /**
         * Narrows the matching requests.
         *
         * @param condition an additional condition
         * @return this
         */
        public Step when(Predicate<WireRequest> condition) {
            Trigger before = trigger;
            trigger = (route, request) -> before.matches(route, request) && condition.test(request);
            return this;
        }

        /**
         * Applies from the nth matching request on.
         *
         * @param n the number of the first request that fails, from 1
         * @return this
         */
        public Step nth(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("nth: " + n + " (expected 1 or more)");
            }
            first = n;
            return this;
        }

        /**
         * Applies to several matching requests in a row.
         *
         * @param count how many
         * @return this
         */
        public Step times(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("times: " + count + " (expected 1 or more)");
            }
            times = count;
            return this;
        }

        /**
         * Applies to every further matching request.
         *
         * @return this
         */
        public Step always() {
            return times(Integer.MAX_VALUE);
        }

        /**
         * Lets the request take effect first, so that the client sees a failure although the change was made.
         *
         * @return this
         */
        public Step afterEffect() {
            afterEffect = true;
            return this;
        }

        /**
         * Answers with a status and no body.
         *
         * @param status the HTTP status
         */
        public void respond(int status) {
            respond(status, Map.of(), "");
        }

        /**
         * Answers with a status, headers and a body.
         *
         * @param status the HTTP status
         * @param headers the headers; a Content-Type for the body among them
         * @param body the body
         */
        public void respond(int status, Map<String, String> headers, String body) {
            WireAnswer answer = WireAnswer.of(status, headers, body);
            add(real -> answer.withParts(real.parts()));
        }

        /** Cuts the connection with a TCP reset. */
        public void reset() {
            add(real -> WireAnswer.CUT.withParts(real.parts()));
        }

        /**
         * Answers as usual after a delay in real time. If the delay is longer than the client waits, the client sees a
         * timeout although the request took effect; for a timeout without effect, use {@link #timeout}.
         *
         * @param delay how long
         */
        public void delay(Duration delay) {
            afterEffect = true;
            add(real -> real.withDelay(delay));
        }

        /**
         * Keeps the client waiting for a time, in real time, then cuts the connection.
         *
         * @param delay how long, longer than the client waits
         */
        public void timeout(Duration delay) {
            add(real -> WireAnswer.CUT.withParts(real.parts()).withDelay(delay));
        }

        /**
         * Keeps the client waiting until an action has run, then cuts the connection. This simulates a client that is
         * killed while it waits. With {@link #afterEffect} the request takes effect first.
         *
         * @param action the action, called on the thread that serves the request; may block
         */
        public void hold(Runnable action) {
            add(real -> {
                action.run();
                return WireAnswer.CUT.withParts(real.parts());
            });
        }

        private void add(UnaryOperator<WireAnswer> change) {
            faults.add(new Fault(this, change));
        }
    }
}
