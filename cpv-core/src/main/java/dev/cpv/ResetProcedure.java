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

    /** Why nothing else is done with a tenant whose reset has not ended. */
    static CpvFailure unfinished(ResetRecord open) {
        return CpvFailure.of(
                FailureCode.RESET_UNFINISHED,
                "The reset that was begun at " + open.started() + " has not ended: it is at " + open.phase());
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
                    "Only a customer's tenant is reset: in a " + route
                            + " tenant the partner cannot give consent again"));
        }
        loop.look();
        if (!view.isVisible()) {
            throw new StopException(view.current()
                    .cause()
                    .orElseGet(() -> CpvFailure.of(
                            FailureCode.CONSENT_NOT_VISIBLE_YET, "There is nothing to reset: refresh the tenant")));
        }
        return access.snapshot();
    }

    /** What is granted in a tenant may be offered everywhere but there, so the tenant itself is asked what can be restored. */
    private CpvResetPlan plan(TenantSnapshot snapshot, ExtraGrants extraGrants) {
        RequiredPermissionSet all = required.plus(snapshot.permissions());
        view.planFor(all);
        Set<AppId> present = new HashSet<>(all.resources());
        present.removeIf(id -> view.current().resource(id).presence() != Presence.PRESENT);
        access.define(present);
        return CpvResetPlan.between(required, view.current(), snapshot, extraGrants);
    }

    /** Does what was approved, if the tenant is still as it was; returns what the result reports beside the permissions. */
    Optional<CpvFailure> begin(CpvResetPlan approved) {
        Instant now = operation.time().now();
        StopException.throwIf(approved.failure());
        TenantSnapshot snapshot = approved.snapshot().orElseThrow();
        view.planFor(required.plus(snapshot.permissions()));
        if (!snapshot().equals(snapshot) || !required.fingerprint().equals(approved.requiredFingerprint())) {
            return Optional.of(CpvFailure.of(
                    FailureCode.PLAN_STALE,
                    "Nothing was removed: the tenant, or what is required of it, is not as the approved plan says"));
        }
        ResetRecord record = new ResetRecord(snapshot, approved.extraGrants(), now, Phase.SNAPSHOT);
        save(record);
        return removeAndRestore(record, Optional.of(approved));
    }

    /** Finishes what another operation began, which may have been killed at any moment. */
    Optional<CpvFailure> finish(ResetRecord record) {
        view.planFor(required.plus(record.snapshot().permissions()));
        loop.look();
        if (record.phase() == Phase.DELETED || record.phase() == Phase.RESTORING || isGone()) {
            return restore(record, Optional.empty());
        }
        access.snapshot(); // For what the session then holds; the snapshot that counts is the first one.
        return removeAndRestore(record, Optional.empty());
    }

    /** Removes the application for good. A deletion is answered as done only when it was seen to be: that is the proof. */
    void remove() {
        loop.look();
        if (isGone()) {
            return;
        }
        access.snapshot(); // For what the session then holds, until the deletion is confirmed.
        StopException.throwIf(access.removeConsent().failure());
        StopException.throwIf(access.deleteServicePrincipal().failure());
    }

    /** Where consent is missing, only a deletion proves that the service principal is gone too; else consent is given. */
    private boolean isGone() {
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
            CpvFailure refused = refusal(withdrawn);
            save(record.in(Phase.ABORTED));
            return Optional.of(refused);
        }
        StepResult deleted = access.deleteServicePrincipal();
        if (deleted.isDone()) {
            save(record.in(Phase.DELETED));
            return restore(record, approved);
        }
        CpvFailure refused = refusal(deleted);
        loop.look(); // The consent may be gone, though the service principal is not.
        restore(record, approved);
        save(record.in(Phase.ABORTED));
        return Optional.of(refused);
    }

    private static CpvFailure refusal(StepResult result) {
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
        view.planFor(plan.permissions());
        loop.reconcile(step -> true);
        List<PrincipalAssignment> assignments = plan.assignments();
        if (!assignments.isEmpty()) {
            access.restore(assignments);
        }
        StopException.throwIf(loop.readBack());
        return close(record, plan.names());
    }

    private Optional<CpvFailure> close(ResetRecord record, PlanNames names) {
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

    /** R20: the next step is taken only once this phase is safe. */
    private void save(ResetRecord record) {
        StopException.throwIf(operation.lease().save(record));
    }
}
