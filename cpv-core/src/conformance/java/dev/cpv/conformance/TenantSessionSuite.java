package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites about a directory share: the subject, what they choose of what it offers, and its sessions. */
public abstract class TenantSessionSuite {
    static final Duration LONGEST_LAG = Duration.ofMinutes(10);
    private static final PrincipalAssignment.UserGrant USER_GRANT_ON_GRAPH = new PrincipalAssignment.UserGrant(
            "5f1c0f2e-3c53-4a9c-8b8f-7b2f3f6f0a11", AppId.MICROSOFT_GRAPH, List.of("openid", "profile"));
    private static final UUID DIRECTORY_READERS = UUID.fromString("88d8e3e3-8f55-4a1e-953a-9b9898b8876b");

    private final List<TenantSession> opened = new CopyOnWriteArrayList<>();
    TenantDirectorySubject subject;
    AppId graph;
    AppId other;

    /** Creates the suite; JUnit does so before each test. */
    TenantSessionSuite() {}

    /**
     * Returns what is tested; called once before each test.
     *
     * @return a new subject, or one that lasts: the tests share no tenant
     */
    protected abstract TenantDirectorySubject subject();

    /** Takes the subject, and checks that it offers what the tests choose from. */
    @BeforeEach
    public final void prepare() {
        subject = subject();
        graph = AppId.MICROSOFT_GRAPH;
        other = subject.required().resources().stream()
                .filter(resource -> !resource.equals(AppId.MICROSOFT_GRAPH) && offersEnough(resource))
                .findFirst()
                .orElseGet(() ->
                        fail("required() must hold another resource than Microsoft Graph with at least two app roles"
                                + " by GUID and two scopes by value"));
        assertTrue(
                offersEnough(graph),
                "required() must hold two app roles of Microsoft Graph by GUID, and two scopes by value beside cpv's own");
    }

    private boolean offersEnough(AppId resource) {
        return roles(resource).size() >= 2 && scopes(resource).size() >= 2;
    }

    /** Closes the sessions that the test opened. */
    @AfterEach
    public final void closeSessions() {
        opened.forEach(TenantSession::close);
    }

    // Steps and states

    final PlanStep setScopes(AppId resource) {
        return new PlanStep.SetScopes(resource, scopes(resource), List.of());
    }

    final PlanStep.Consent consent() {
        return new PlanStep.Consent(graph, bootstrap());
    }

    final PlanStep assign(AppId resource, int index) {
        return new PlanStep.AssignAppRole(resource, role(resource, index));
    }

    final List<PlanStep> additions() {
        return List.of(assign(graph, 0), assign(graph, 1), assign(other, 0), assign(other, 1), setScopes(other));
    }

    final TenantTruth withTwoGrants() {
        return TenantTruth.withConsent()
                .withGrant(other, List.of(scope(other, 0)))
                .withGrant(other, List.of(scope(other, 1)));
    }

    final PrincipalAssignment.UserGrant userGrantOnOther() {
        return new PrincipalAssignment.UserGrant(
                "c2b9a6f4-20c4-4a5c-9d7e-0f3c1f6f2b22", other, List.of(scope(other, 1)));
    }

    /** A tenant that keeps something of every kind, and the rights to restore it. */
    final TenantTruth rich() {
        List<String> scopes = new ArrayList<>(bootstrap());
        scopes.addAll(List.of("GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory"));
        TenantTruth state = TenantTruth.withConsent()
                .withoutGrants(graph)
                .withGrant(graph, scopes)
                .withAppRole(graph, role(graph, 0))
                .withAppRole(other, role(other, 1))
                .withGrant(other, scopes(other));
        if (!subject.missing().contains(Ability.USER_GRANTS)) {
            state = state.withUserGrant(USER_GRANT_ON_GRAPH).withUserGrant(userGrantOnOther());
        }
        if (!subject.missing().contains(Ability.ASSIGNMENTS)) {
            state = state.withAssignment(
                            new PrincipalAssignment.AppAssignment(USER_GRANT_ON_GRAPH.userId(), new UUID(0, 0), ""))
                    .withAssignment(new PrincipalAssignment.DirectoryRole(DIRECTORY_READERS, ""))
                    .withAssignment(
                            new PrincipalAssignment.GroupMembership("7d0f5c7e-58d4-4b0c-8a55-6f1f0a6f3c33", ""));
        }
        return state;
    }

    final PrincipalAssignment.UserGrant userGrantOnGraph() {
        return USER_GRANT_ON_GRAPH;
    }

    // What the subject offers

    static List<TenantWideGrant> sorted(List<TenantWideGrant> grants) {
        return new TenantTruth(true, Set.of(), Set.of(), grants, Set.of()).grants();
    }

    static List<String> bootstrap() {
        return RequiredPermissionSet.bootstrapScopes().stream()
                .map(PublishedScope::value)
                .toList();
    }

    final UUID role(AppId resource, int index) {
        return roles(resource).get(index);
    }

    /** The first two that the required set names by GUID. */
    final List<UUID> roles(AppId resource) {
        return required(resource, PermissionType.APPLICATION)
                .flatMap(permission -> permission.guid().stream())
                .limit(2)
                .toList();
    }

    final String scope(AppId resource, int index) {
        return scopes(resource).get(index);
    }

    /** The first two that the required set names by value and cpv does not need itself. */
    final List<String> scopes(AppId resource) {
        return required(resource, PermissionType.DELEGATED)
                .filter(permission -> permission.guid().isEmpty())
                .map(RequiredPermission::id)
                .filter(scope -> !bootstrap().contains(scope))
                .limit(2)
                .toList();
    }

    final Stream<RequiredPermission> required(AppId resource, PermissionType type) {
        return subject.required().permissions().stream()
                .filter(permission -> permission.resource().equals(resource) && permission.type() == type);
    }

    // Calls

    final void needs(Ability ability) {
        assumeFalse(
                subject.missing().contains(ability), () -> "The subject says that it cannot set this up: " + ability);
    }

    final RefreshContext start(TenantId tenant, Cancellation cancellation) {
        RefreshOptions options = RefreshOptions.defaults().withCancellation(cancellation);
        return RefreshContext.start(
                tenant,
                subject.directory().route(tenant),
                options,
                subject.clock().instant());
    }

    final RefreshContext start(TenantId tenant) {
        return start(tenant, new Cancellation());
    }

    final TenantSession open(TenantId tenant) {
        return open(tenant, new Cancellation());
    }

    final TenantSession open(TenantId tenant, Cancellation cancellation) {
        TenantSession session = subject.directory().open(start(tenant, cancellation));
        opened.add(session);
        return session;
    }

    /** A session that has looked at the tenant, as the engine does before it writes. */
    final TenantSession observed(TenantId tenant) {
        TenantSession session = open(tenant);
        look(session);
        return session;
    }

    final ObservedTenant look(TenantSession session) {
        return session.observe(subject.required().resources());
    }

    /** Looks as long as lists may lag behind writes, and returns the last look. */
    final ObservedTenant lookUntil(TenantId tenant, Predicate<ObservedTenant> enough) throws InterruptedException {
        ObservedTenant seen = look(open(tenant));
        Duration waited = Duration.ZERO;
        for (Duration pause = Duration.ofSeconds(1);
                !enough.test(seen) && waited.compareTo(LONGEST_LAG) < 0;
                pause = pause.multipliedBy(2)) {
            subject.sleeper().sleep(pause);
            waited = waited.plus(pause);
            seen = look(open(tenant));
        }
        return seen;
    }

    final Answers write(TenantId tenant, List<PlanStep> steps) {
        return apply(observed(tenant), steps);
    }

    final Answers apply(TenantSession session, List<PlanStep> steps) {
        return apply(session, steps, () -> {});
    }

    final Answers apply(TenantSession session, List<PlanStep> steps, Runnable afterEach) {
        return answers(sink -> session.apply(steps, (step, result) -> {
            sink.accept(step, result);
            afterEach.run();
        }));
    }

    final Answers restore(TenantSession session, List<PrincipalAssignment> assignments) {
        return answers(sink -> session.restore(assignments, sink));
    }

    /** Only rule 8 checks what was thrown, the other rules what was answered: a fault should show once. */
    private static Answers answers(Consumer<StepSink> work) {
        Answers answers = new Answers();
        try {
            work.accept(answers::accept);
        } catch (RuntimeException e) {
            answers.thrown = e;
        }
        return answers;
    }

    static <T> T passes(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return fail(what + " threw " + e, e);
        }
    }

    static void assertDone(String rule, Step step, StepResult result) {
        assertTrue(result.isDone(), () -> rule + ": " + step + " was answered with " + result);
    }

    static void assertThrowsDirectoryException(String call, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            assertInstanceOf(TenantDirectoryException.class, e, () -> "Rule 8: the exception of " + call);
            return;
        }
        fail("Rule 8: " + call + " has to throw where nothing is known about the tenant");
    }

    static Map<Step, Long> count(List<? extends Step> steps) {
        return steps.stream().collect(Collectors.groupingBy(step -> step, Collectors.counting()));
    }

    /** What {@code apply} or {@code restore} answered. */
    static final class Answers {
        final List<Step> steps = new ArrayList<>();
        final List<Map.Entry<Step, StepResult>> results = new ArrayList<>();
        final Set<Thread> threads = new HashSet<>();

        @Nullable
        RuntimeException thrown;

        void accept(Step step, StepResult result) {
            steps.add(step);
            results.add(Map.entry(step, result));
            threads.add(Thread.currentThread());
        }

        StepResult of(String rule, Step step) {
            Optional<StepResult> found = results.stream()
                    .filter(answer -> answer.getKey().equals(step))
                    .map(Map.Entry::getValue)
                    .findFirst();
            return found.orElseGet(() -> fail(rule + ": no answer for " + step + thrown()));
        }

        void assertDone(String rule, List<? extends Step> expected) {
            for (Step step : expected) {
                StepResult result = of(rule, step);
                assertTrue(result.isDone(), () -> rule + ": " + step + " was answered with " + result);
            }
        }

        FailureCode assertFailed(String rule, Step step) {
            StepResult result = of(rule, step);
            assertTrue(!result.isDone(), () -> rule + ": " + step + " was answered with " + result);
            return result.failure()
                    .map(failure -> failure.code())
                    .orElseGet(() -> fail(rule + ": a failure without reason"));
        }

        String thrown() {
            return thrown == null ? "" : "; thrown was " + thrown;
        }
    }
}
