package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link TenantDirectoryConformance} about how a session consents and writes: rules 3 to 11 and 18. Extend it to run
 * this part alone.
 */
public abstract class ApplyConformance extends TenantSessionSuite {
    private static final int THREADS = 8;

    /** Creates the suite; JUnit does so before each test. */
    protected ApplyConformance() {}

    /** Rule 3: each step is answered exactly once, on the calling thread, those that cannot be done too. */
    @Test
    public final void rule3_applyAnswersForEveryStepOnce() {
        TenantId tenant = subject.create(TenantTruth.withConsent());
        List<PlanStep> steps = new ArrayList<>(additions());
        steps.add(new PlanStep.AddResource(other));
        steps.add(new PlanStep.AssignAppRole(graph, UUID.fromString("00000000-dead-4bad-8bad-000000000000")));

        Answers answers = write(tenant, steps);

        assertEquals(
                count(steps),
                count(answers.steps),
                () -> "Rule 3: each step is answered exactly once" + answers.thrown());
        assertEquals(
                Set.of(Thread.currentThread()),
                answers.threads,
                "Rule 3: the sink is called from the thread that called apply");
    }

    /** Rule 4: the same steps a second time, from an operation that does not know of the first, are done and change nothing. */
    @Test
    public final void rule4_applyIsIdempotent() {
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession first = open(tenant);
        TenantSession second = open(tenant);
        look(first);
        look(second);
        List<PlanStep> steps = additions();

        apply(first, steps).assertDone("Rule 4: at first", steps);
        TenantTruth once = subject.read(tenant);
        apply(second, steps).assertDone("Rule 4: the second time", steps);

        assertEquals(once, subject.read(tenant), "Rule 4: the second time changes nothing");
    }

    /** Rule 4: a consent that exists is answered as done. */
    @Test
    public final void rule4_consentIsIdempotent() {
        TenantId tenant = subject.create(TenantTruth.neverConsented());
        TenantSession first = open(tenant);
        TenantSession second = open(tenant);
        look(first);
        look(second);

        assertDone("Rule 4: at first", consent(), first.consent(consent()));
        TenantTruth once = subject.read(tenant);
        assertDone("Rule 4: the second time", consent(), second.consent(consent()));

        assertTrue(once.consented(), "Rule 4: a consent that is answered as done was given");
        assertEquals(once, subject.read(tenant), "Rule 4: the second time changes nothing");
    }

    /** Rule 5: a step that is refused neither stops nor undoes the others, before and after it. */
    @Test
    public final void rule5_failedStepStopsNoOther() {
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        PlanStep refused = assign(other, 0);
        List<PlanStep> others = List.of(assign(graph, 0), assign(graph, 1), setScopes(other));
        subject.refuse(tenant, refused);

        Answers answers = write(tenant, List.of(others.get(0), refused, others.get(1), others.get(2)));

        answers.assertFailed("Rule 5", refused);
        answers.assertDone("Rule 5: beside a refused step", others);
        assertEquals(
                after(TenantTruth.withConsent(), others),
                subject.read(tenant),
                "Rule 5: what the other steps name is there, and what the refused step names is not");
    }

    /** Rule 5: a step whose prerequisite failed is answered with that failure. */
    @Test
    public final void rule5_failedPrerequisiteAnswersForWhatNeedsIt() {
        needs(Ability.UNAVAILABLE_RESOURCE);
        TenantTruth state = TenantTruth.withConsent().without(other);
        TenantId tenant = subject.create(state);
        subject.makeUnavailable(tenant, other);
        PlanStep add = new PlanStep.AddResource(other);
        PlanStep independent = assign(graph, 0);

        Answers answers = write(tenant, List.of(add, assign(other, 0), setScopes(other), independent));

        answers.assertDone("Rule 5: beside a failed prerequisite", List.of(independent));
        FailureCode code = answers.assertFailed("Rule 5", add);
        assertEquals(FailureCode.RESOURCE_NOT_AVAILABLE, code, "Rule 5: the code of a resource that cannot be added");
        assertEquals(
                code, answers.assertFailed("Rule 5", assign(other, 0)), "Rule 5: the failure of a dependent app role");
        assertEquals(code, answers.assertFailed("Rule 5", setScopes(other)), "Rule 5: the failure of dependent scopes");
        assertEquals(
                state.withAppRole(graph, role(graph, 0)), subject.read(tenant), "Rule 5: the independent step is done");
    }

    /** Rule 6: only what steps name changes: not other app roles, other grants, other scopes, or users' grants. */
    @Test
    public final void rule6_applyChangesNothingElse() {
        TenantTruth state = TenantTruth.withConsent()
                .withAppRole(graph, role(graph, 0))
                .withAppRole(graph, role(graph, 1))
                .withAppRole(other, role(other, 1))
                .withGrant(other, List.of(scope(other, 0)));
        if (!subject.missing().contains(Ability.USER_GRANTS)) {
            state = state.withUserGrant(userGrantOnGraph()).withUserGrant(userGrantOnOther());
        }
        TenantId tenant = subject.create(state);
        List<PlanStep> steps = List.of(
                new PlanStep.RevokeAppRole(graph, role(graph, 0)),
                assign(other, 0),
                new PlanStep.SetScopes(other, List.of(scope(other, 1)), List.of(scope(other, 0))));

        write(tenant, steps);

        assertEquals(after(state, steps), subject.read(tenant), "Rule 6: nothing changes but what the steps name");
    }

    /**
     * Rule 7: a resource that was added, and all that was granted, is seen by a later operation.
     *
     * @throws InterruptedException if the test is interrupted
     */
    @Test
    public final void rule7_laterOperationSeesWhatWasWritten() throws InterruptedException {
        TenantId tenant = subject.create(TenantTruth.withConsent().without(other));
        List<PlanStep> steps = new ArrayList<>(List.of(new PlanStep.AddResource(other)));
        steps.addAll(additions());
        write(tenant, steps);
        TenantTruth written = subject.read(tenant);

        ObservedTenant seen = lookUntil(
                tenant,
                now -> now.appRoles().equals(written.appRoles())
                        && sorted(now.grants()).equals(written.grants()));

        TenantTruth expected = after(TenantTruth.withConsent(), steps);
        assertEquals(expected.appRoles(), seen.appRoles(), "Rule 7: the app roles that a later operation sees");
        assertEquals(expected.grants(), sorted(seen.grants()), "Rule 7: the grants that a later operation sees");
        assertEquals(
                Presence.PRESENT, seen.resource(other).presence(), "Rule 7: the resource that a later operation sees");
    }

    /**
     * Rule 7: a consent becomes visible, with the scopes that it names.
     *
     * @throws InterruptedException if the test is interrupted
     */
    @Test
    public final void rule7_consentBecomesVisible() throws InterruptedException {
        TenantId tenant = subject.create(TenantTruth.neverConsented());
        observed(tenant).consent(consent());

        ObservedTenant seen = lookUntil(tenant, now -> now.visibility() == Visibility.VISIBLE);

        assertEquals(Visibility.VISIBLE, seen.visibility(), "Rule 7: the visibility some time after a consent");
        assertEquals(
                TenantTruth.withConsent().grants(), sorted(seen.grants()), "Rule 7: the scopes that the consent named");
    }

    /** Rule 8: where nothing can be written, {@code apply} reports that by its exception or by every answer. */
    @Test
    public final void rule8_applyThrowsBeforeTheFirstWriteAlone() {
        needs(Ability.BREAK_DOWN);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession session = open(tenant);
        look(session);
        subject.breakDown(tenant);

        Answers answers = apply(session, additions());

        if (answers.thrown == null) {
            additions().forEach(step -> answers.assertFailed("Rule 8: without an exception", step));
        } else {
            assertInstanceOf(TenantDirectoryException.class, answers.thrown, "Rule 8: the exception of apply");
            assertTrue(
                    answers.results.isEmpty(), () -> "Rule 8: an exception comes before all answers" + answers.results);
        }
        assertEquals(TenantTruth.withConsent(), subject.read(tenant), "Rule 8: nothing was written");
    }

    /** Rule 8: once something was written, only the answers report failures. */
    @Test
    public final void rule8_nothingIsThrownAfterTheFirstWrite() {
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        subject.refuse(tenant, assign(other, 0));

        Answers answers = write(tenant, List.of(assign(graph, 0), assign(other, 0), setScopes(other)));

        assertEquals("", answers.thrown(), "Rule 8: nothing is thrown after the first write");
    }

    /**
     * Rule 9: many threads work on as many tenants at once, and none gets another's answer or writes to another's tenant.
     *
     * @throws Exception if a thread fails otherwise than by a rule
     */
    @Test
    public final void rule9_manyThreadsWorkOnManyTenants() throws Exception {
        List<TenantId> tenants = new ArrayList<>();
        List<List<PlanStep>> steps = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tenants.add(subject.create(TenantTruth.withConsent()));
            steps.add(List.of(
                    assign(graph, i % 2), new PlanStep.SetScopes(other, List.of(scope(other, i / 2 % 2)), List.of())));
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Answers>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                TenantId tenant = tenants.get(i);
                List<PlanStep> mine = steps.get(i);
                running.add(executor.submit(() -> {
                    start.await();
                    return write(tenant, mine);
                }));
            }
            for (int i = 0; i < THREADS; i++) {
                running.get(i).get().assertDone("Rule 9: beside other threads", steps.get(i));
            }
        } finally {
            executor.shutdownNow();
        }
        for (int i = 0; i < THREADS; i++) {
            assertEquals(
                    after(TenantTruth.withConsent(), steps.get(i)),
                    subject.read(tenants.get(i)),
                    "Rule 9: what was written beside other threads");
        }
    }

    /** Rule 10: nothing is written after the operation was cancelled. */
    @Test
    public final void rule10_cancelledOperationWritesNothing() {
        Cancellation cancellation = new Cancellation();
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession session = open(tenant, cancellation);
        look(session);
        cancellation.cancel();

        Answers answers = apply(session, additions());

        assertEquals(
                TenantTruth.withConsent(), subject.read(tenant), "Rule 10: nothing is written after the cancellation");
        if (answers.thrown instanceof TenantDirectoryException e) {
            assertEquals(FailureCode.CANCELLED, e.failure().code(), "Rule 10: the code of the exception");
        } else {
            additions()
                    .forEach(step -> assertEquals(
                            FailureCode.CANCELLED,
                            answers.assertFailed("Rule 10", step),
                            "Rule 10: the answer for " + step));
        }
    }

    /** Rule 10: of an operation that is cancelled while it writes, each answer is true. */
    @Test
    public final void rule10_cancelledMidwayEachAnswerIsTrue() {
        Cancellation cancellation = new Cancellation();
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession session = open(tenant, cancellation);
        look(session);

        Answers answers = apply(session, additions(), cancellation::cancel);

        List<PlanStep> done = new ArrayList<>();
        for (PlanStep step : additions()) {
            if (answers.of("Rule 10", step).isDone()) {
                done.add(step);
            } else {
                assertEquals(
                        FailureCode.CANCELLED,
                        answers.assertFailed("Rule 10", step),
                        "Rule 10: the answer for " + step);
            }
        }
        assertEquals(
                after(TenantTruth.withConsent(), done),
                subject.read(tenant),
                "Rule 10: what was answered as done is there, what was answered as cancelled is not");
    }

    /** Rule 11: several grants become one that holds all that the step names. */
    @Test
    public final void rule11_mergeLeavesOneGrantWithTheUnion() {
        needs(Ability.DUPLICATE_GRANTS);
        TenantId tenant = subject.create(withTwoGrants());

        write(tenant, List.of(merge())).assertDone("Rule 11", List.of(merge()));

        assertEquals(
                TenantTruth.withConsent().withGrant(other, scopes(other)),
                subject.read(tenant),
                "Rule 11: one grant with the union is left");
    }

    /** Rule 11: where the union cannot be written, no grant is deleted. */
    @Test
    public final void rule11_refusedMergeLosesNoScope() {
        needs(Ability.DUPLICATE_GRANTS);
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(withTwoGrants());
        subject.refuse(tenant, merge());

        write(tenant, List.of(merge())).assertFailed("Rule 11", merge());

        assertEquals(
                withTwoGrants().scopes(other),
                subject.read(tenant).scopes(other),
                "Rule 11: no scope is lost while the union is not written");
    }

    /** Rule 18: a consent among the steps is refused, whatever the other steps are, and nothing is written. */
    @Test
    public final void rule18_consentIsNoStepToApply() {
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession session = observed(tenant);
        List<PlanStep> steps = List.of(assign(graph, 0), consent());

        assertThrows(
                IllegalArgumentException.class,
                () -> session.apply(steps, (step, result) -> {}),
                "Rule 18: apply with a consent among its steps");

        assertEquals(TenantTruth.withConsent(), subject.read(tenant), "Rule 18: nothing is written");
    }

    private PlanStep merge() {
        return new PlanStep.MergeGrants(other, scopes(other), List.of());
    }

    private static TenantTruth after(TenantTruth before, List<PlanStep> steps) {
        TenantTruth state = before;
        for (PlanStep step : steps) {
            state = after(state, step);
        }
        return state;
    }

    private static TenantTruth after(TenantTruth state, PlanStep step) {
        return switch (step.kind()) {
            case ADD_RESOURCE -> state.with(step.resource());
            case ASSIGN_APP_ROLE -> state.withAppRole(step.resource(), ((PlanStep.AssignAppRole) step).appRoleId());
            case REVOKE_APP_ROLE -> state.withoutAppRole(step.resource(), ((PlanStep.RevokeAppRole) step).appRoleId());
            case SET_SCOPES ->
                state.withoutGrants(step.resource()).withGrant(step.resource(), ((PlanStep.SetScopes) step).scopes());
            case CONSENT, MERGE_GRANTS, REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL, RESTORE_ASSIGNMENT ->
                throw new IllegalArgumentException("No test needs " + step);
        };
    }
}
