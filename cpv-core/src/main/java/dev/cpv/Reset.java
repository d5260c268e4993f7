package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.Step;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.ResetRecord.Phase;
import dev.cpv.spi.StepResult;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The steps of a reset (R19), each preceded by the phase that tells whoever comes next what may have been done (R20). What it
 * does to the tenant goes through the {@link Operation} that it is part of.
 */
final class Reset {
    private final Operation operation;
    private final RequiredPermissionSet required;

    Reset(Operation operation, RequiredPermissionSet required) {
        this.operation = operation;
        this.required = required;
    }

    /** Looks at a tenant and tells what a reset would do. */
    CpvResetPlan plan(ExtraGrants extraGrants) {
        return between(snapshot(), extraGrants);
    }

    private TenantSnapshot snapshot() {
        if (operation.route() != TenantRoute.CUSTOMER) {
            throw new StopException(CpvFailure.of(
                    FailureCode.CONSENT_ROUTE,
                    "Only a customer's tenant is reset: in a " + operation.route()
                            + " tenant the partner cannot give consent again"));
        }
        operation.look();
        if (operation.seen().visibility() != Visibility.VISIBLE) {
            throw new StopException(operation
                    .seen()
                    .cause()
                    .orElseGet(() -> CpvFailure.of(
                            FailureCode.CONSENT_NOT_VISIBLE_YET, "There is nothing to reset: refresh the tenant")));
        }
        return operation.snapshot();
    }

    /** What is granted in a tenant may be offered everywhere but there, so the tenant itself is asked what can be had again. */
    private CpvResetPlan between(TenantSnapshot snapshot, ExtraGrants extraGrants) {
        operation.plans(CpvResetPlan.allOf(required, snapshot));
        operation.defineHere();
        return CpvResetPlan.between(required, operation.seen(), snapshot, extraGrants);
    }

    /** Does what was approved, if the tenant is still so; returns what to tell of it beside the permissions, if anything. */
    Optional<CpvFailure> begin(CpvResetPlan approved, Instant now) {
        operation.stopOn(approved.failure());
        TenantSnapshot snapshot = approved.snapshot().orElseThrow();
        operation.plans(CpvResetPlan.allOf(required, snapshot));
        if (!snapshot().equals(snapshot) || !required.fingerprint().equals(approved.requiredFingerprint())) {
            return Optional.of(CpvFailure.of(
                    FailureCode.PLAN_STALE,
                    "Nothing was removed: the tenant, or what is required of it, is not as the approved plan says"));
        }
        ResetRecord record = new ResetRecord(snapshot, approved.extraGrants(), now, Phase.SNAPSHOT);
        operation.save(record);
        return removeAndRestore(record, Optional.of(approved));
    }

    /** Finishes what another operation began, which may have been killed at any moment. */
    Optional<CpvFailure> finish(ResetRecord record) {
        operation.plans(CpvResetPlan.allOf(required, record.snapshot()));
        operation.look();
        if (record.phase() == Phase.DELETED || record.phase() == Phase.RESTORING) {
            return restore(record, Optional.empty());
        }
        if (isGone()) {
            return restore(record, Optional.empty());
        }
        operation.snapshot(); // For the token that it holds; the snapshot that counts is the first one.
        return removeAndRestore(record, Optional.empty());
    }

    /** Takes the application out for good. A deletion is answered as done only when it was seen to be: that is the proof. */
    void remove() {
        operation.look();
        if (isGone()) {
            return;
        }
        operation.snapshot(); // For the token that it holds until the deletion is confirmed.
        operation.stopOn(operation.removeConsent().failure());
        operation.stopOn(operation.deleteServicePrincipal().failure());
    }

    /** Where consent is missing, only a deletion tells that the service principal is gone too; else there is consent hereafter. */
    private boolean isGone() {
        if (operation.seen().visibility() != Visibility.NOT_CONSENTED) {
            return false;
        }
        StepResult gone = operation.deleteServicePrincipal();
        if (gone.isDone()) {
            return true;
        }
        stopIfPassing(gone);
        operation.consentIfMissing(); // Without a token what is left can be neither seen nor deleted.
        return false;
    }

    private Optional<CpvFailure> removeAndRestore(ResetRecord record, Optional<CpvResetPlan> approved) {
        operation.save(record.in(Phase.REMOVING));
        StepResult withdrawn = operation.removeConsent();
        if (!withdrawn.isDone()) {
            CpvFailure refused = refusal(withdrawn);
            operation.save(record.in(Phase.ABORTED));
            return Optional.of(refused);
        }
        StepResult deleted = operation.deleteServicePrincipal();
        if (deleted.isDone()) {
            operation.save(record.in(Phase.DELETED));
            return restore(record, approved);
        }
        CpvFailure refused = refusal(deleted);
        operation.look(); // The consent may be gone, though the service principal is not.
        restore(record, approved);
        operation.save(record.in(Phase.ABORTED));
        return Optional.of(refused);
    }

    private static CpvFailure refusal(StepResult result) {
        stopIfPassing(result);
        return result.failure().orElseThrow();
    }

    /** What another try can mend leaves the reset open for the next refresh. */
    private static void stopIfPassing(StepResult result) {
        result.failure().filter(CpvFailure::retryable).ifPresent(failure -> {
            throw new StopException(failure);
        });
    }

    private Optional<CpvFailure> restore(ResetRecord record, Optional<CpvResetPlan> approved) {
        operation.consentIfMissing();
        operation.save(record.in(Phase.RESTORING));
        CpvResetPlan plan = approved.orElseGet(() -> between(record.snapshot(), record.extraGrants()));
        operation.plans(plan.permissions());
        operation.reconcile(step -> true);
        if (!plan.assignments().isEmpty()) {
            operation.restore(plan.assignments());
        }
        operation.stopOn(operation.readBack());
        return close(record);
    }

    private Optional<CpvFailure> close(ResetRecord record) {
        Map<Step, CpvFailure> failures = operation.failedAdditions();
        Optional<CpvFailure> again =
                failures.values().stream().filter(CpvFailure::retryable).findFirst();
        operation.stopOn(again);
        operation.save(record.in(Phase.DONE));
        String lost = failures.entrySet().stream()
                .map(failed ->
                        failed.getKey().describe() + " (" + failed.getValue().message() + ")")
                .collect(Collectors.joining("; "));
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(CpvFailure.of(FailureCode.RESET_INCOMPLETE, "Not done: " + lost));
    }
}
