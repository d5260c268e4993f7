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
 * Faults that the simulator shows on purpose, instead of an answer or after the request took effect. Thread-safe.
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
     * @param endpoint the kind of request; {@link Endpoint#BATCH} is the batch as a whole
     * @return the fault to describe; it counts once one of its last methods was called
     */
    public Step on(String tenantId, Endpoint endpoint) {
        String id = tenantId.toLowerCase(Locale.ROOT);
        return new Step(false, (route, request) -> id.equals(route.tenantId()) && route.endpoint() == endpoint);
    }

    /**
     * Plans a fault for one kind of request, whatever the tenant.
     *
     * @param endpoint the kind of request
     * @return the fault to describe
     */
    public Step onAny(Endpoint endpoint) {
        return new Step(false, (route, request) -> route.endpoint() == endpoint);
    }

    /**
     * Plans a fault for requests of every kind, whatever the tenant; a batch is one request.
     *
     * @return the fault to describe
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
     * @return the fault to describe; a part that is reset or timed out cuts the whole batch
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

    /** Forgets all faults. */
    public void clear() {
        faults.clear();
    }

    /** The fault that strikes this request, if any. Counts the request against every fault that it matches. */
    Optional<Fault> forRequest(SimulatedService.Route route, WireRequest request) {
        return next(false, route, request);
    }

    /** The fault that strikes this part of a batch, if any. */
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

    /** Which requests a fault is for. */
    @FunctionalInterface
    interface Trigger {
        boolean matches(SimulatedService.Route route, WireRequest request);
    }

    /** A planned fault: what the client gets, made from what it would have got. */
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

        /** The answer that goes out. The service works only if the fault shows after the effect. */
        WireAnswer strike(Supplier<WireAnswer> service) {
            return change.apply(afterEffect ? service.get() : WireAnswer.CUT);
        }
    }

    /** A fault being described: strikes the first matching request once, before it takes effect. Not thread-safe. */
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
         * Narrows the requests that count.
         *
         * @param condition what a request must fulfil besides
         * @return this
         */
        public Step when(Predicate<WireRequest> condition) {
            Trigger before = trigger;
            trigger = (route, request) -> before.matches(route, request) && condition.test(request);
            return this;
        }

        /**
         * Strikes from the nth matching request on.
         *
         * @param n the number of the first request to strike, from 1
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
         * Strikes several requests in a row.
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
         * Strikes without an end.
         *
         * @return this
         */
        public Step always() {
            return times(Integer.MAX_VALUE);
        }

        /**
         * Lets the request take effect first, so that the client sees a failure of what was done.
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
         * Answers as usual, but only after a while of real time. With a while longer than the client waits, this is a
         * timeout after the request took effect; for one without effect, use {@link #timeout}.
         *
         * @param delay how long
         */
        public void delay(Duration delay) {
            afterEffect = true;
            add(real -> real.withDelay(delay));
        }

        /**
         * Keeps the client waiting for a while of real time, then cuts the connection.
         *
         * @param delay how long, longer than the client waits
         */
        public void timeout(Duration delay) {
            add(real -> WireAnswer.CUT.withParts(real.parts()).withDelay(delay));
        }

        /**
         * Keeps the client waiting until something was done, then cuts the connection: what a client leaves behind that is killed
         * while it waits. With {@link #afterEffect} the request took effect before.
         *
         * @param action is called on the thread that serves the request; may block
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
