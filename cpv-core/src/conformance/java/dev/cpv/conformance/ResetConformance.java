package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link TenantDirectoryConformance} about what a session does for a reset (R19): rules 13 to 15, and rules 3, 4 and
 * 16 for what only a reset does. A subject that misses {@link Ability#RESET} skips it. Extend it to run this part alone.
 */
public abstract class ResetConformance extends TenantSessionSuite {
    /** Creates the suite; JUnit does so before each test. */
    protected ResetConformance() {}

    /** Rule 4: restoring what is there is answered as done, and it is there once. */
    @Test
    public final void rule4_givingBackIsIdempotent() {
        needs(Ability.RESET);
        TenantTruth state = rich();
        TenantId tenant = subject.create(state);
        List<PrincipalAssignment> kept = List.copyOf(state.allAssignments());

        restore(observed(tenant), kept).assertDone("Rule 4: what is there", steps(kept));

        assertEquals(state, subject.read(tenant), "Rule 4: what is there is not changed");
    }

    /** Rule 13: a snapshot reports all that the tenant keeps of the application, and changes nothing. */
    @Test
    public final void rule13_snapshotTellsAllAndChangesNothing() {
        needs(Ability.RESET);
        TenantTruth state = rich();
        TenantId tenant = subject.create(state);

        TenantSnapshot snapshot = observed(tenant).snapshot();

        assertEquals(state.appRoles(), snapshot.appRoles(), "Rule 13: the app roles of the snapshot");
        assertEquals(state.grants(), sorted(snapshot.grants()), "Rule 13: the tenant-wide grants of the snapshot");
        Set<PrincipalAssignment> reported = new HashSet<>(snapshot.assignments());
        for (PrincipalAssignment kept : state.allAssignments()) {
            assertTrue(
                    reported.contains(kept)
                            || snapshot.losses().stream()
                                    .anyMatch(loss -> loss.what().contains(kept.objectId())),
                    () -> "Rule 13: neither reported nor called a loss: " + kept.describe());
        }
        reported.removeAll(state.allAssignments());
        assertEquals(Set.of(), reported, "Rule 13: nothing is reported that is not there");
        assertEquals(state, subject.read(tenant), "Rule 13: a snapshot changes nothing");
    }

    /** Rule 14: removing a consent that is not there, or no longer, is answered as unchanged. */
    @Test
    public final void rule14_removalOfConsentIsIdempotent() {
        needs(Ability.RESET);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession session = observed(tenant);
        session.snapshot();

        assertDone("Rule 14: at first", new ResetStep.RemoveConsent(), session.removeConsent());

        assertEquals(
                StepResult.Status.UNCHANGED,
                open(tenant).removeConsent().status(),
                "Rule 14: the answer where there is no consent to remove");
    }

    /**
     * Rule 14: the deletion is done with the rights from before, though the consent is gone, and the answer is true.
     */
    @Test
    public final void rule14_deletedServicePrincipalIsGone() {
        needs(Ability.RESET);
        TenantId tenant = subject.create(rich());

        removeAll(observed(tenant));

        TenantTruth left = subject.read(tenant);
        assertTrue(!left.consented(), "Rule 14: the service principal is gone, for so it was answered");
        assertEquals(Set.of(), left.appRoles(), "Rule 14: app roles go with the service principal");
        assertEquals(List.of(), left.grants(), "Rule 14: grants go with the service principal");
        assertEquals(Set.of(), left.allAssignments(), "Rule 14: assignments go with the service principal");
    }

    /** Rule 14: a deletion that was not done is not answered as done. */
    @Test
    public final void rule14_refusedDeletionIsNotAnsweredAsDone() {
        needs(Ability.RESET);
        needs(Ability.REFUSED_STEP);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        subject.refuse(tenant, new ResetStep.DeleteServicePrincipal());
        TenantSession session = observed(tenant);
        session.snapshot();

        StepResult refused = session.deleteServicePrincipal();

        assertTrue(!refused.isDone(), () -> "Rule 14: a refused deletion was answered with " + refused);
        assertEquals(TenantTruth.withConsent(), subject.read(tenant), "Rule 14: what was refused changed nothing");
    }

    /**
     * Rule 15: everything that was not reported as a loss is restored.
     *
     * @throws InterruptedException if the test is interrupted
     */
    @Test
    public final void rule15_whatIsNotCalledALossComesBack() throws InterruptedException {
        needs(Ability.RESET);
        TenantTruth state = rich();
        TenantId tenant = subject.create(state);
        TenantSession session = observed(tenant);
        TenantSnapshot snapshot = removeAll(session);

        assertDone("Rule 15: the consent", consent(), session.consent(consent()));
        lookUntilVisible(session);
        List<PlanStep> permissions = new ArrayList<>();
        snapshot.appRoles()
                .forEach(role -> permissions.add(new PlanStep.AssignAppRole(role.resource(), role.appRoleId())));
        snapshot.grants()
                .forEach(grant -> permissions.add(new PlanStep.SetScopes(grant.resource(), grant.scopes(), List.of())));
        apply(session, permissions).assertDone("Rule 15: permissions", permissions);
        restore(session, snapshot.assignments()).assertDone("Rule 15: at first", steps(snapshot.assignments()));

        TenantTruth after = subject.read(tenant);
        assertEquals(state.appRoles(), after.appRoles(), "Rule 15: the app roles after a reset");
        assertEquals(state.grants(), after.grants(), "Rule 15: the tenant-wide grants after a reset");
        assertEquals(
                Set.copyOf(snapshot.assignments()),
                after.allAssignments(),
                "Rule 15: what else the tenant keeps of the application");
    }

    /** Rule 3: each assignment to restore is answered exactly once, on the calling thread. */
    @Test
    public final void rule3_restoreAnswersForEveryAssignmentOnce() {
        needs(Ability.RESET);
        TenantTruth state = rich();
        TenantId tenant = subject.create(state);
        List<PrincipalAssignment> kept = List.copyOf(state.allAssignments());

        Answers answers = restore(observed(tenant), kept);

        assertEquals(
                count(steps(kept)),
                count(answers.steps),
                () -> "Rule 3: each assignment is answered exactly once" + answers.thrown());
        assertEquals(
                kept.isEmpty() ? Set.of() : Set.of(Thread.currentThread()),
                answers.threads,
                "Rule 3: the sink is called from the thread that called restore");
    }

    /** Rule 16: the rights that a session holds for its deletion are its own, whatever another session does. */
    @Test
    public final void rule16_anotherSessionDoesNotEndWhatThisOneHolds() {
        needs(Ability.RESET);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession session = observed(tenant);
        TenantSession another = subject.directory().open(start(tenant));
        look(another);
        session.snapshot();
        session.removeConsent();

        another.deleteServicePrincipal();
        another.close();

        StepResult deleted = passes("Rule 16: the deletion", session::deleteServicePrincipal);
        assertDone("Rule 16: the deletion", new ResetStep.DeleteServicePrincipal(), deleted);
    }

    private static List<Step> steps(List<PrincipalAssignment> assignments) {
        return assignments.stream().<Step>map(ResetStep.RestoreAssignment::new).toList();
    }

    private TenantSnapshot removeAll(TenantSession session) {
        TenantSnapshot snapshot = session.snapshot();
        assertDone("Rule 14", new ResetStep.RemoveConsent(), session.removeConsent());
        assertDone("Rule 14", new ResetStep.DeleteServicePrincipal(), session.deleteServicePrincipal());
        return snapshot;
    }

    private void lookUntilVisible(TenantSession session) throws InterruptedException {
        Duration pause = Duration.ofSeconds(1);
        while (look(session).visibility() != Visibility.VISIBLE && pause.compareTo(LONGEST_LAG) < 0) {
            subject.sleeper().sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }
}
