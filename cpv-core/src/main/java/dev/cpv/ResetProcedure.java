package dev.cpv;

import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanNames;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.Step;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.ResetRecord.Phase;
import dev.cpv.spi.StepResult;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parts of a reset (R19), shared by the verbs that plan one, do one or finish one, and by offboarding. Each change of the tenant
 * comes after a phase in the journal, from which the next operation can finish (R20).
 */
final class ResetProcedure {
    private final Operation operation;
    private final RequiredPermissionSet required;
    private final TenantView view;
    private final TenantAccess access;
    private final ReconcileLoop loop;

    ResetProcedure(Operation operation) {
        this.operation = operation;
        this.required = operation.required();
        this.view = operation.view();
        this.access = operation.access();
        this.loop = ReconcileLoop.withoutApproval(operation);
    }

    /** The failure of an operation that has to wait for a reset of its tenant, if one has not ended. */
    static Optional<CpvFailure> unfinished(Operation operation) {
        return operation
                .memory()
                .unfinishedReset()
                .map(reset -> CpvFailure.of(
                        FailureCode.RESET_UNFINISHED,
                        "The reset that was started at " + reset.started() + " has not ended; its phase is "
                                + reset.phase()));
    }

    /** Reads a tenant, and computes what a reset would do. */
    CpvResetPlan plan() {
        return plan(snapshot(), view.extraGrants());
    }

    private TenantSnapshot snapshot() {
        TenantRoute route = operation.context().route();
        if (route != TenantRoute.CUSTOMER) {
            throw new StopException(CpvFailure.of(
                    FailureCode.CONSENT_ROUTE,
                    "Only a customer tenant can be reset: in a " + route + " tenant the partner cannot consent again"));
        }
        loop.observe();
        if (!view.isVisible()) {
            throw new StopException(view.current()
                    .cause()
                    .orElseGet(() -> CpvFailure.of(
                            FailureCode.CONSENT_NOT_VISIBLE_YET, "There is nothing to reset: refresh the tenant")));
        }
        return access.snapshot();
    }

    /**
     * A permission that is granted in a tenant may no longer be offered there, so the definitions are read in the
     * tenant itself.
     */
    private CpvResetPlan plan(TenantSnapshot snapshot, ExtraGrants extraGrants) {
        RequiredPermissionSet all = required.plus(snapshot.permissions());
        view.setTarget(all);
        Set<AppId> present = new HashSet<>(all.resources());
        present.removeIf(id -> view.current().resource(id).presence() != Presence.PRESENT);
        access.readDefinitions(present);
        return CpvResetPlan.between(required, view.current(), snapshot, extraGrants);
    }

    /**
     * Carries out the approved reset if the tenant has not changed; returns the failure that is reported beside the
     * permissions.
     */
    Optional<CpvFailure> begin(CpvResetPlan approved) {
        Instant now = operation.time().now();
        StopException.throwIf(approved.failure());
        TenantSnapshot snapshot = approved.snapshot().orElseThrow();
        view.setTarget(required.plus(snapshot.permissions()));
        if (!snapshot().equals(snapshot) || !required.fingerprint().equals(approved.requiredFingerprint())) {
            return Optional.of(CpvFailure.of(
                    FailureCode.PLAN_STALE,
                    "Nothing was removed: the tenant or the required permissions have changed since the plan"));
        }
        ResetRecord record = new ResetRecord(snapshot, approved.extraGrants(), now, Phase.SNAPSHOT);
        save(record);
        return removeAndRestore(record, Optional.of(approved));
    }

    /** Finishes what another operation began, which may have been killed at any moment. */
    Optional<CpvFailure> finish(ResetRecord record) {
        view.setTarget(required.plus(record.snapshot().permissions()));
        loop.observe();
        if (record.phase() == Phase.DELETED || record.phase() == Phase.RESTORING || confirmGone()) {
            return restore(record, Optional.empty());
        }
        // The session then holds the rights for the deletion; the snapshot that counts is the first one.
        access.snapshot();
        return removeAndRestore(record, Optional.empty());
    }

    /**
     * Removes the application for good. A deletion is answered as done only after the tenant was seen without the
     * application: that is the proof.
     */
    void remove() {
        loop.observe();
        if (confirmGone()) {
            return;
        }
        access.snapshot(); // The session then holds the rights for the deletion.
        StopException.throwIf(access.removeConsent().failure());
        StopException.throwIf(access.deleteServicePrincipal().failure());
    }

    /**
     * Deletes what may be left in a tenant without consent, since only a deletion proves that the service principal is
     * gone too. Returns whether it is gone; otherwise consent is given.
     */
    private boolean confirmGone() {
        if (view.current().visibility() != Visibility.NOT_CONSENTED) {
            return false;
        }
        StepResult gone = access.deleteServicePrincipal();
        if (gone.isDone()) {
            return true;
        }
        stopIfRetryable(gone);
        loop.consentIfMissing(); // Without a token what is left can be neither seen nor deleted.
        return false;
    }

    private Optional<CpvFailure> removeAndRestore(ResetRecord record, Optional<CpvResetPlan> approved) {
        save(record.in(Phase.REMOVING));
        StepResult withdrawn = access.removeConsent();
        if (!withdrawn.isDone()) {
            CpvFailure refused = permanentFailure(withdrawn);
            save(record.in(Phase.ABORTED));
            return Optional.of(refused);
        }
        StepResult deleted = access.deleteServicePrincipal();
        if (deleted.isDone()) {
            save(record.in(Phase.DELETED));
            return restore(record, approved);
        }
        CpvFailure refused = permanentFailure(deleted);
        loop.observe(); // The consent may be gone, though the service principal is not.
        restore(record, approved);
        save(record.in(Phase.ABORTED));
        return Optional.of(refused);
    }

    private static CpvFailure permanentFailure(StepResult result) {
        stopIfRetryable(result);
        return result.failure().orElseThrow();
    }

    /** What can succeed later leaves the reset open for the next refresh. */
    private static void stopIfRetryable(StepResult result) {
        StopException.throwIf(result.failure().filter(CpvFailure::retryable));
    }

    private Optional<CpvFailure> restore(ResetRecord record, Optional<CpvResetPlan> approved) {
        loop.consentIfMissing();
        save(record.in(Phase.RESTORING));
        CpvResetPlan plan = approved.orElseGet(() -> plan(record.snapshot(), record.extraGrants()));
        view.setTarget(plan.permissions());
        loop.reconcile(step -> true);
        List<PrincipalAssignment> assignments = plan.assignments();
        if (!assignments.isEmpty()) {
            access.restore(assignments);
        }
        StopException.throwIf(loop.readBack());
        return complete(record, plan.names());
    }

    private Optional<CpvFailure> complete(ResetRecord record, PlanNames names) {
        Map<Step, CpvFailure> failures = view.answers().failedAdditions();
        StopException.throwIf(
                failures.values().stream().filter(CpvFailure::retryable).findFirst());
        save(record.in(Phase.DONE));
        String lost = failures.entrySet().stream()
                .map(failed -> failed.getKey().describe(names) + " ("
                        + failed.getValue().message() + ")")
                .collect(Collectors.joining("; "));
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(CpvFailure.of(FailureCode.RESET_INCOMPLETE, "Not done: " + lost));
    }

    /** R20: the next step is taken only after this phase is saved. */
    private void save(ResetRecord record) {
        StopException.throwIf(operation.lease().save(record));
    }
}
