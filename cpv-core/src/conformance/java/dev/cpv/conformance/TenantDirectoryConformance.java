package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link TenantDirectory}, as tests. Extend it in your own tests and hand in what is tested:
 *
 * <pre>{@code
 * class MyDirectoryConformanceTest extends TenantDirectoryConformance {
 *     @Override
 *     protected TenantDirectorySubject subject() {
 *         return new MySubject();
 *     }
 * }
 * }</pre>
 *
 * <p>The names of the tests begin with the number of the rule, as do their complaints. As the engine does, each test looks at
 * the tenant before it writes, within the same operation. What is written is checked by {@link TenantDirectorySubject#read},
 * not by the directory.
 */
public abstract class TenantDirectoryConformance {
    private static final int THREADS = 8;
    private static final Duration LONGEST_LAG = Duration.ofMinutes(10);
    private static final UserGrant USER_GRANT_ON_GRAPH =
            new UserGrant("5f1c0f2e-3c53-4a9c-8b8f-7b2f3f6f0a11", AppId.MICROSOFT_GRAPH, List.of("openid", "profile"));

    private static final UUID DIRECTORY_READERS = UUID.fromString("88d8e3e3-8f55-4a1e-953a-9b9898b8876b");

    private TenantDirectorySubject subject;
    private TenantDirectory directory;
    private AppId graph;
    private AppId other;

    /** Creates the suite; JUnit does so before each test. */
    protected TenantDirectoryConformance() {}

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
        directory = subject.directory();
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

    /** Rule 1: without consent, {@code observe} answers so, and with the service's reason. */
    @Test
    public final void rule1_observeAnswersNotConsentedInsteadOfThrowing() {
        TenantId tenant = subject.create(TenantState.neverConsented());

        ObservedTenant seen = look(tenant);

        assertEquals(Visibility.NOT_CONSENTED, seen.visibility(), "Rule 1: the visibility of a tenant without consent");
        assertTrue(seen.cause().isPresent(), "Rule 1: the cause that the token endpoint gave has to be told");
        assertEquals(tenant, seen.tenant(), "Rule 1: the answer is about the tenant that was asked for");
    }

    /** Rule 2: present and absent resources are told apart; none of those asked for is left unknown. */
    @Test
    public final void rule2_observeSaysOfEveryResourceWhetherItIsPresent() {
        TenantId tenant = subject.create(TenantState.withConsent().without(other));

        ObservedTenant seen = look(tenant);

        for (AppId resource : subject.required().resources()) {
            Presence expected = resource.equals(other) ? Presence.ABSENT : Presence.PRESENT;
            assertEquals(expected, seen.resource(resource).presence(), "Rule 2: the presence of " + resource);
        }
    }

    /** Rule 2: what is granted is seen, on resources that were not asked for too (else extras go unseen). */
    @Test
    public final void rule2_observeShowsAllThatIsGranted() {
        TenantState state = TenantState.withConsent()
                .withAppRole(graph, role(graph, 0))
                .withAppRole(other, role(other, 0))
                .withGrant(other, scopes(other));
        TenantId tenant = subject.create(state);

        ObservedTenant seen = directory.observe(start(tenant), Set.of(graph));

        assertEquals(Visibility.VISIBLE, seen.visibility(), "Rule 2: the visibility of a tenant with consent");
        assertEquals(state.appRoles(), seen.appRoles(), "Rule 2: the app roles that are seen");
        assertEquals(state.grants(), sorted(seen.grants()), "Rule 2: the tenant-wide grants that are seen");
    }

    /** Rule 2: users' own grants are not shown (R11). */
    @Test
    public final void rule2_observeHidesUsersOwnGrants() {
        needs(Ability.USER_GRANTS);
        TenantState state =
                TenantState.withConsent().withUserGrant(USER_GRANT_ON_GRAPH).withUserGrant(userGrantOnOther());
        TenantId tenant = subject.create(state);

        ObservedTenant seen = look(tenant);

        assertEquals(state.grants(), sorted(seen.grants()), "Rule 2: tenant-wide grants alone are shown");
    }

    /** Rule 2: several tenant-wide grants for one resource are shown one by one (R13). */
    @Test
    public final void rule2_observeShowsEachOfSeveralGrants() {
        needs(Ability.DUPLICATE_GRANTS);
        TenantState state = withTwoGrants();
        TenantId tenant = subject.create(state);

        ObservedTenant seen = look(tenant);

        assertEquals(state.grants(), sorted(seen.grants()), "Rule 2: each of several grants is shown");
    }

    /** Rule 3: each step is answered exactly once, on the calling thread, those that cannot be done too. */
    @Test
    public final void rule3_applyAnswersForEveryStepOnce() {
        TenantId tenant = subject.create(TenantState.withConsent());
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
        TenantId tenant = subject.create(TenantState.withConsent());
        RefreshContext first = start(tenant);
        RefreshContext second = start(tenant);
        directory.observe(first, subject.required().resources());
        directory.observe(second, subject.required().resources());
        List<PlanStep> steps = additions();

        apply(first, steps).assertDone("Rule 4: at first", steps);
        TenantState once = subject.read(tenant);
        apply(second, steps).assertDone("Rule 4: the second time", steps);

        assertEquals(once, subject.read(tenant), "Rule 4: the second time changes nothing");
    }

    /** Rule 4: a consent that exists is answered as done. */
    @Test
    public final void rule4_consentIsIdempotent() {
        TenantId tenant = subject.create(TenantState.neverConsented());
        RefreshContext first = start(tenant);
        RefreshContext second = start(tenant);
        directory.observe(first, subject.required().resources());
        directory.observe(second, subject.required().resources());

        apply(first, List.of(consent())).assertDone("Rule 4: at first", List.of(consent()));
        TenantState once = subject.read(tenant);
        apply(second, List.of(consent())).assertDone("Rule 4: the second time", List.of(consent()));

        assertTrue(once.consented(), "Rule 4: a consent that is answered as done was given");
        assertEquals(once, subject.read(tenant), "Rule 4: the second time changes nothing");
    }

    /** Rule 4: what is to be given back, and is there, is answered as done and is there once. */
    @Test
    public final void rule4_givingBackIsIdempotent() {
        needs(Ability.RESET);
        TenantState state = rich();
        TenantId tenant = subject.create(state);
        List<PlanStep> steps = assignments(state).stream()
                .<PlanStep>map(PlanStep.RestoreAssignment::new)
                .toList();

        write(tenant, steps).assertDone("Rule 4: what is there", steps);

        assertEquals(state, subject.read(tenant), "Rule 4: what is there is not changed");
    }

    /** Rule 5: a step that is refused neither stops nor undoes the others, before and after it. */
    @Test
    public final void rule5_failedStepStopsNoOther() {
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(TenantState.withConsent());
        PlanStep refused = assign(other, 0);
        List<PlanStep> others = List.of(assign(graph, 0), assign(graph, 1), setScopes(other));
        subject.refuse(tenant, refused);

        Answers answers = write(tenant, List.of(others.get(0), refused, others.get(1), others.get(2)));

        answers.assertFailed("Rule 5", refused);
        answers.assertDone("Rule 5: beside a refused step", others);
        assertEquals(
                after(TenantState.withConsent(), others),
                subject.read(tenant),
                "Rule 5: what the other steps name is there, and what the refused step names is not");
    }

    /** Rule 5: a step whose prerequisite failed is answered with that failure. */
    @Test
    public final void rule5_failedPrerequisiteAnswersForWhatNeedsIt() {
        needs(Ability.UNAVAILABLE_RESOURCE);
        TenantState state = TenantState.withConsent().without(other);
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
        TenantState state = TenantState.withConsent()
                .withAppRole(graph, role(graph, 0))
                .withAppRole(graph, role(graph, 1))
                .withAppRole(other, role(other, 1))
                .withGrant(other, List.of(scope(other, 0)));
        if (!subject.missing().contains(Ability.USER_GRANTS)) {
            state = state.withUserGrant(USER_GRANT_ON_GRAPH).withUserGrant(userGrantOnOther());
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
        TenantId tenant = subject.create(TenantState.withConsent().without(other));
        List<PlanStep> steps = new ArrayList<>(List.of(new PlanStep.AddResource(other)));
        steps.addAll(additions());
        write(tenant, steps);
        TenantState written = subject.read(tenant);

        ObservedTenant seen = lookUntil(
                tenant,
                now -> now.appRoles().equals(written.appRoles())
                        && sorted(now.grants()).equals(written.grants()));

        TenantState expected = after(TenantState.withConsent(), steps);
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
        TenantId tenant = subject.create(TenantState.neverConsented());
        write(tenant, List.of(consent()));

        ObservedTenant seen = lookUntil(tenant, now -> now.visibility() == Visibility.VISIBLE);

        assertEquals(Visibility.VISIBLE, seen.visibility(), "Rule 7: the visibility some time after a consent");
        assertEquals(
                TenantState.withConsent().grants(), sorted(seen.grants()), "Rule 7: the scopes that the consent named");
    }

    /** Rule 8: what the services do is told by {@link TenantDirectoryException} alone. */
    @Test
    public final void rule8_remoteCauseIsTenantDirectoryException() {
        needs(Ability.BREAK_DOWN);
        TenantId tenant = subject.create(TenantState.withConsent());
        subject.breakDown(tenant);

        assertThrowsDirectoryException(
                "observe",
                () -> directory.observe(start(tenant), subject.required().resources()));
        assertThrowsDirectoryException("definitions", () -> directory.definitions(start(tenant), Set.of(other)));
    }

    /** Rule 8: where nothing can be written, {@code apply} says so by its exception or by every answer. */
    @Test
    public final void rule8_applyThrowsBeforeTheFirstWriteAlone() {
        needs(Ability.BREAK_DOWN);
        TenantId tenant = subject.create(TenantState.withConsent());
        RefreshContext context = start(tenant);
        directory.observe(context, subject.required().resources());
        subject.breakDown(tenant);

        Answers answers = apply(context, additions());

        if (answers.thrown == null) {
            additions().forEach(step -> answers.assertFailed("Rule 8: without an exception", step));
        } else {
            assertInstanceOf(TenantDirectoryException.class, answers.thrown, "Rule 8: the exception of apply");
            assertTrue(
                    answers.results.isEmpty(), () -> "Rule 8: an exception comes before all answers" + answers.results);
        }
        assertEquals(TenantState.withConsent(), subject.read(tenant), "Rule 8: nothing was written");
    }

    /** Rule 8: once something was written, the answers alone tell what went wrong. */
    @Test
    public final void rule8_nothingIsThrownAfterTheFirstWrite() {
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(TenantState.withConsent());
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
            tenants.add(subject.create(TenantState.withConsent()));
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
                    after(TenantState.withConsent(), steps.get(i)),
                    subject.read(tenants.get(i)),
                    "Rule 9: what was written beside other threads");
        }
    }

    /** Rule 10: nothing is written any more once the operation was cancelled. */
    @Test
    public final void rule10_cancelledOperationWritesNothing() {
        Cancellation cancellation = new Cancellation();
        TenantId tenant = subject.create(TenantState.withConsent());
        RefreshContext context = start(tenant, cancellation);
        directory.observe(context, subject.required().resources());
        cancellation.cancel();

        Answers answers = apply(context, additions());

        assertEquals(
                TenantState.withConsent(), subject.read(tenant), "Rule 10: nothing is written after the cancellation");
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

    /** Rule 10: of an operation that is cancelled while it writes, each answer tells the truth. */
    @Test
    public final void rule10_cancelledMidwayEachAnswerIsTrue() {
        Cancellation cancellation = new Cancellation();
        TenantId tenant = subject.create(TenantState.withConsent());
        RefreshContext context = start(tenant, cancellation);
        directory.observe(context, subject.required().resources());

        Answers answers = apply(context, additions(), cancellation::cancel);

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
                after(TenantState.withConsent(), done),
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
                TenantState.withConsent().withGrant(other, scopes(other)),
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

    /** Rule 12: definitions tell what the resource publishes in this very tenant. */
    @Test
    public final void rule12_definitionsAreReadInTheTenantItself() {
        needs(Ability.WITHHELD_ROLE);
        TenantId usual = subject.create(TenantState.withConsent());
        TenantId special = subject.create(TenantState.withConsent());
        subject.withhold(special, other, role(other, 0));

        assertTrue(offers(usual, role(other, 0)), "Rule 12: the role is offered in a usual tenant");
        assertTrue(!offers(special, role(other, 0)), "Rule 12: the role is not offered where it is withheld");
        assertTrue(offers(special, role(other, 1)), "Rule 12: the other role is offered there");
    }

    /** Rule 13: what is told is all that the tenant keeps of the application, and to tell it changes nothing. */
    @Test
    public final void rule13_snapshotTellsAllAndChangesNothing() {
        needs(Ability.RESET);
        TenantState state = rich();
        TenantId tenant = subject.create(state);

        TenantSnapshot snapshot = snapshot(look(start(tenant)));

        assertEquals(state.appRoles(), snapshot.appRoles(), "Rule 13: the app roles of the snapshot");
        assertEquals(state.grants(), sorted(snapshot.grants()), "Rule 13: the tenant-wide grants of the snapshot");
        Set<PrincipalAssignment> told = nameless(snapshot.assignments());
        for (PrincipalAssignment kept : assignments(state)) {
            assertTrue(
                    told.contains(kept)
                            || snapshot.losses().stream()
                                    .anyMatch(loss -> loss.what().contains(objectOf(kept))),
                    () -> "Rule 13: neither told nor called a loss: " + kept.describe());
        }
        told.removeAll(assignments(state));
        assertEquals(Set.of(), told, "Rule 13: nothing is told that is not there");
        assertEquals(state, subject.read(tenant), "Rule 13: to tell it changes nothing");
    }

    /** Rule 14: a consent that is not there, or no longer, is answered as already so. */
    @Test
    public final void rule14_removalOfConsentIsIdempotent() {
        needs(Ability.RESET);
        TenantId tenant = subject.create(TenantState.withConsent());
        PlanStep remove = new PlanStep.RemoveConsent();
        RefreshContext context = look(start(tenant));
        snapshot(context);

        apply(context, List.of(remove)).assertDone("Rule 14: at first", List.of(remove));

        assertEquals(
                StepResult.Status.UNCHANGED,
                apply(start(tenant), List.of(remove)).of("Rule 14", remove).status(),
                "Rule 14: the answer where there is no consent to remove");
    }

    /** Rule 14: the deletion is done with the rights from before, though the consent is gone, and it is true. */
    @Test
    public final void rule14_deletedServicePrincipalIsGone() {
        needs(Ability.RESET);
        TenantId tenant = subject.create(rich());

        removeAll(look(start(tenant)));

        TenantState left = subject.read(tenant);
        assertTrue(!left.consented(), "Rule 14: the service principal is gone, for so it was answered");
        assertEquals(Set.of(), left.appRoles(), "Rule 14: app roles go with the service principal");
        assertEquals(List.of(), left.grants(), "Rule 14: grants go with the service principal");
        assertEquals(Set.of(), assignments(left), "Rule 14: assignments go with the service principal");
    }

    /** Rule 14: a deletion that was not done is not answered as done. */
    @Test
    public final void rule14_refusedDeletionIsNotAnsweredAsDone() {
        needs(Ability.RESET);
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(TenantState.withConsent());
        PlanStep delete = new PlanStep.DeleteServicePrincipal();
        subject.refuse(tenant, delete);
        RefreshContext context = look(start(tenant));
        snapshot(context);

        apply(context, List.of(delete)).assertFailed("Rule 14", delete);

        assertEquals(TenantState.withConsent(), subject.read(tenant), "Rule 14: what was refused changed nothing");
    }

    /**
     * Rule 15: all that was not called a loss comes back.
     *
     * @throws InterruptedException if the test is interrupted
     */
    @Test
    public final void rule15_whatIsNotCalledALossComesBack() throws InterruptedException {
        needs(Ability.RESET);
        TenantState state = rich();
        TenantId tenant = subject.create(state);
        RefreshContext context = look(start(tenant));
        TenantSnapshot snapshot = removeAll(context);

        apply(context, List.of(consent())).assertDone("Rule 15: the consent", List.of(consent()));
        lookUntilVisible(context);
        List<PlanStep> permissions = new ArrayList<>();
        snapshot.appRoles().forEach(role -> permissions.add(assignAgain(role)));
        snapshot.grants()
                .forEach(grant -> permissions.add(new PlanStep.SetScopes(grant.resource(), grant.scopes(), List.of())));
        apply(context, permissions).assertDone("Rule 15: permissions", permissions);
        List<PlanStep> others = snapshot.assignments().stream()
                .<PlanStep>map(PlanStep.RestoreAssignment::new)
                .toList();
        apply(context, others).assertDone("Rule 15: at first", others);

        TenantState after = subject.read(tenant);
        assertEquals(state.appRoles(), after.appRoles(), "Rule 15: the app roles after a reset");
        assertEquals(state.grants(), after.grants(), "Rule 15: the tenant-wide grants after a reset");
        assertEquals(
                nameless(snapshot.assignments()),
                assignments(after),
                "Rule 15: what else the tenant keeps of the application");
    }

    private static PlanStep assignAgain(AssignedAppRole role) {
        return new PlanStep.AssignAppRole(role.resource(), role.appRoleId());
    }

    private RefreshContext look(RefreshContext context) {
        directory.observe(context, subject.required().resources());
        return context;
    }

    private void lookUntilVisible(RefreshContext context) throws InterruptedException {
        Duration pause = Duration.ofSeconds(1);
        while (directory.observe(context, subject.required().resources()).visibility() != Visibility.VISIBLE
                && pause.compareTo(LONGEST_LAG) < 0) {
            subject.sleeper().sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private TenantSnapshot snapshot(RefreshContext context) {
        return directory.snapshot(context);
    }

    private TenantSnapshot removeAll(RefreshContext context) {
        TenantSnapshot snapshot = snapshot(context);
        for (PlanStep step : List.<PlanStep>of(new PlanStep.RemoveConsent(), new PlanStep.DeleteServicePrincipal())) {
            apply(context, List.of(step)).assertDone("Rule 14", List.of(step));
        }
        return snapshot;
    }

    /** A tenant that keeps something of every kind, and the rights to give it back. */
    private TenantState rich() {
        List<String> scopes = new ArrayList<>(bootstrap());
        scopes.addAll(List.of("GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory"));
        TenantState state = TenantState.withConsent()
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
                            new PrincipalAssignment.AppAssignment(USER_GRANT_ON_GRAPH.user(), new UUID(0, 0), ""))
                    .withAssignment(new PrincipalAssignment.DirectoryRole(DIRECTORY_READERS, ""))
                    .withAssignment(
                            new PrincipalAssignment.GroupMembership("7d0f5c7e-58d4-4b0c-8a55-6f1f0a6f3c33", ""));
        }
        return state;
    }

    /** All that a snapshot tells as assignments, users' grants among them. */
    private static Set<PrincipalAssignment> assignments(TenantState state) {
        Set<PrincipalAssignment> all = new HashSet<>(state.assignments());
        state.userGrants()
                .forEach(grant ->
                        all.add(new PrincipalAssignment.UserGrant(grant.user(), grant.resource(), grant.scopes())));
        return all;
    }

    private static Set<PrincipalAssignment> nameless(List<PrincipalAssignment> assignments) {
        return assignments.stream().map(TenantState::withoutName).collect(Collectors.toCollection(HashSet::new));
    }

    private static String objectOf(PrincipalAssignment assignment) {
        if (assignment instanceof PrincipalAssignment.UserGrant grant) {
            return grant.userId();
        } else if (assignment instanceof PrincipalAssignment.AppAssignment assigned) {
            return assigned.principalId();
        } else if (assignment instanceof PrincipalAssignment.DirectoryRole role) {
            return role.roleTemplateId().toString();
        } else if (assignment instanceof PrincipalAssignment.GroupMembership membership) {
            return membership.groupId();
        }
        throw new IllegalArgumentException("No test needs " + assignment);
    }

    private boolean offers(TenantId tenant, UUID role) {
        RefreshContext context = start(tenant);
        directory.observe(context, subject.required().resources());
        ResourceDefinition definition =
                directory.definitions(context, Set.of(other)).get(other);
        if (definition == null) {
            return fail("Rule 12: the definition of a present resource is missing");
        }
        assertTrue(definition.isOfTenant(), "Rule 12: a definition that was read in the tenant says so");
        return definition.appRole(role).filter(AppRole::assignable).isPresent();
    }

    // Steps and states

    private PlanStep consent() {
        return new PlanStep.Consent(graph, bootstrap());
    }

    private PlanStep assign(AppId resource, int index) {
        return new PlanStep.AssignAppRole(resource, role(resource, index));
    }

    private PlanStep setScopes(AppId resource) {
        return new PlanStep.SetScopes(resource, scopes(resource), List.of());
    }

    private PlanStep merge() {
        return new PlanStep.MergeGrants(other, scopes(other), List.of());
    }

    private List<PlanStep> additions() {
        return List.of(assign(graph, 0), assign(graph, 1), assign(other, 0), assign(other, 1), setScopes(other));
    }

    private TenantState withTwoGrants() {
        return TenantState.withConsent()
                .withGrant(other, List.of(scope(other, 0)))
                .withGrant(other, List.of(scope(other, 1)));
    }

    private UserGrant userGrantOnOther() {
        return new UserGrant("c2b9a6f4-20c4-4a5c-9d7e-0f3c1f6f2b22", other, List.of(scope(other, 1)));
    }

    private static TenantState after(TenantState before, List<PlanStep> steps) {
        TenantState state = before;
        for (PlanStep step : steps) {
            if (step instanceof PlanStep.AddResource add) {
                state = state.with(add.resource());
            } else if (step instanceof PlanStep.AssignAppRole assign) {
                state = state.withAppRole(assign.resource(), assign.appRoleId());
            } else if (step instanceof PlanStep.RevokeAppRole revoke) {
                state = without(state, new AssignedAppRole(revoke.resource(), revoke.appRoleId()));
            } else if (step instanceof PlanStep.SetScopes set) {
                state = state.withoutGrants(set.resource()).withGrant(set.resource(), set.scopes());
            } else {
                throw new IllegalArgumentException("No test needs " + step);
            }
        }
        return state;
    }

    private static TenantState without(TenantState state, AssignedAppRole role) {
        Set<AssignedAppRole> rest = new HashSet<>(state.appRoles());
        rest.remove(role);
        return new TenantState(
                state.consented(), state.absent(), rest, state.grants(), state.userGrants(), state.assignments());
    }

    private static List<TenantWideGrant> sorted(List<TenantWideGrant> grants) {
        return new TenantState(true, Set.of(), Set.of(), grants, Set.of()).grants();
    }

    private static List<String> bootstrap() {
        return RequiredPermissionSet.bootstrapScopes().stream()
                .map(PublishedScope::value)
                .toList();
    }

    // What the subject offers

    private UUID role(AppId resource, int index) {
        return roles(resource).get(index);
    }

    /** The first two that the required set names by GUID. */
    private List<UUID> roles(AppId resource) {
        return required(resource, PermissionType.APPLICATION)
                .flatMap(permission -> permission.guid().stream())
                .limit(2)
                .toList();
    }

    private String scope(AppId resource, int index) {
        return scopes(resource).get(index);
    }

    /** The first two that the required set names by value and cpv does not need itself. */
    private List<String> scopes(AppId resource) {
        return required(resource, PermissionType.DELEGATED)
                .filter(permission -> permission.guid().isEmpty())
                .map(RequiredPermission::id)
                .filter(scope -> !bootstrap().contains(scope))
                .limit(2)
                .toList();
    }

    private Stream<RequiredPermission> required(AppId resource, PermissionType type) {
        return subject.required().permissions().stream()
                .filter(permission -> permission.resource().equals(resource) && permission.type() == type);
    }

    // Calls

    private void needs(Ability ability) {
        assumeFalse(
                subject.missing().contains(ability), () -> "The subject says that it cannot set this up: " + ability);
    }

    private RefreshContext start(TenantId tenant) {
        return start(tenant, new Cancellation());
    }

    private RefreshContext start(TenantId tenant, Cancellation cancellation) {
        RefreshOptions options = RefreshOptions.defaults().withCancellation(cancellation);
        return RefreshContext.start(
                tenant, directory.route(tenant), options, subject.clock().instant());
    }

    private ObservedTenant look(TenantId tenant) {
        return directory.observe(start(tenant), subject.required().resources());
    }

    /** Looks as long as lists may lag behind writes, and gives the last look back. */
    private ObservedTenant lookUntil(TenantId tenant, Predicate<ObservedTenant> enough) throws InterruptedException {
        ObservedTenant seen = look(tenant);
        Duration waited = Duration.ZERO;
        for (Duration pause = Duration.ofSeconds(1);
                !enough.test(seen) && waited.compareTo(LONGEST_LAG) < 0;
                pause = pause.multipliedBy(2)) {
            subject.sleeper().sleep(pause);
            waited = waited.plus(pause);
            seen = look(tenant);
        }
        return seen;
    }

    private Answers write(TenantId tenant, List<PlanStep> steps) {
        RefreshContext context = start(tenant);
        directory.observe(context, subject.required().resources());
        return apply(context, steps);
    }

    private Answers apply(RefreshContext context, List<PlanStep> steps) {
        return apply(context, steps, () -> {});
    }

    /** Rule 8 alone looks at what was thrown, the others at what was answered: a fault should show once. */
    private Answers apply(RefreshContext context, List<PlanStep> steps, Runnable afterEach) {
        Answers answers = new Answers();
        try {
            directory.apply(context, steps, (step, result) -> {
                answers.accept(step, result);
                afterEach.run();
            });
        } catch (RuntimeException e) {
            answers.thrown = e;
        }
        return answers;
    }

    private static void assertThrowsDirectoryException(String call, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            assertInstanceOf(TenantDirectoryException.class, e, () -> "Rule 8: the exception of " + call);
            return;
        }
        fail("Rule 8: " + call + " has to throw where nothing can be said of the tenant");
    }

    private static Map<PlanStep, Long> count(List<PlanStep> steps) {
        return steps.stream().collect(Collectors.groupingBy(step -> step, Collectors.counting()));
    }

    /** What a call of {@code apply} gave. */
    private static final class Answers {
        private final List<PlanStep> steps = new ArrayList<>();
        private final List<Map.Entry<PlanStep, StepResult>> results = new ArrayList<>();
        private final Set<Thread> threads = new HashSet<>();
        private @Nullable RuntimeException thrown;

        void accept(PlanStep step, StepResult result) {
            steps.add(step);
            results.add(Map.entry(step, result));
            threads.add(Thread.currentThread());
        }

        StepResult of(String rule, PlanStep step) {
            Optional<StepResult> found = results.stream()
                    .filter(answer -> answer.getKey().equals(step))
                    .map(Map.Entry::getValue)
                    .findFirst();
            return found.orElseGet(() -> fail(rule + ": no answer for " + step + thrown()));
        }

        void assertDone(String rule, List<PlanStep> expected) {
            for (PlanStep step : expected) {
                StepResult result = of(rule, step);
                assertTrue(result.isDone(), () -> rule + ": " + step + " was answered with " + result);
            }
        }

        FailureCode assertFailed(String rule, PlanStep step) {
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
