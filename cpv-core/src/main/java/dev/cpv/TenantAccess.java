package dev.cpv;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.internal.jfr.RoundTripEvent;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every call of an operation to its tenant. Nothing is sent after the deadline, nothing is written without the lease (R34), and
 * what comes back goes to the {@link TenantView} and the listeners.
 */
final class TenantAccess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);

    private final RefreshContext context;
    private final TenantDirectory directory;
    private final TenantView view;
    private final TenantLease lease;
    private final OperationTime time;
    private final RefreshListener listeners;
    private @Nullable TenantSession session;

    TenantAccess(
            RefreshContext context,
            TenantDirectory directory,
            TenantView view,
            TenantLease lease,
            OperationTime time,
            RefreshListener listeners) {
        this.context = context;
        this.directory = directory;
        this.view = view;
        this.lease = lease;
        this.time = time;
        this.listeners = listeners;
    }

    private TenantSession session() {
        if (session == null) {
            session = directory.open(context);
        }
        return session;
    }

    // Read

    void observe() {
        time.ensureActive();
        ObservedTenant observed =
                roundTrip("observe", 0, () -> session().observe(view.target().resources()));
        view.observed(observed);
        listeners.observed(context, observed);
    }

    /** Reads what resources publish in this tenant. */
    void readDefinitions(Set<AppId> resources) {
        time.ensureActive();
        Set<AppId> asked = Set.copyOf(resources);
        Map<AppId, ResourceDefinition> read =
                roundTrip("definitions", 0, () -> session().definitions(asked));
        view.definitionsRead(asked, read);
    }

    /** Reads all that a reset would remove. The session holds what is needed for the removal from then on. */
    TenantSnapshot snapshot() {
        time.ensureActive();
        return roundTrip("snapshot", 0, () -> session().snapshot());
    }

    // Write

    void apply(List<PlanStep> steps) {
        write("apply", steps, () -> session().apply(steps, this::answered));
    }

    StepResult consent(PlanStep.Consent step) {
        return writeOne("consent", step, () -> session().consent(step));
    }

    StepResult removeConsent() {
        return writeOne(
                "removeConsent", new ResetStep.RemoveConsent(), () -> session().removeConsent());
    }

    /** Deletes the service principal, which is answered as done only when it was seen to be gone. */
    StepResult deleteServicePrincipal() {
        return writeOne(
                "deleteServicePrincipal",
                new ResetStep.DeleteServicePrincipal(),
                () -> session().deleteServicePrincipal());
    }

    void restore(List<PrincipalAssignment> assignments) {
        List<ResetStep.RestoreAssignment> steps =
                assignments.stream().map(ResetStep.RestoreAssignment::new).toList();
        write("restore", steps, () -> session().restore(assignments, this::answered));
    }

    private StepResult writeOne(String call, Step step, Supplier<StepResult> work) {
        write(call, List.of(step), () -> answered(step, work.get()));
        return view.answers().find(step).orElseThrow();
    }

    private void write(String call, List<? extends Step> steps, Runnable work) {
        time.ensureActive();
        StopException.throwIf(lease.confirm());
        try {
            roundTrip(call, steps.size(), () -> {
                work.run();
                return steps;
            });
        } catch (TenantDirectoryException e) {
            // It is thrown only before the first write, so it is the answer to every step.
            steps.forEach(step -> view.answers().putIfAbsent(step, e.failure()));
            throw e;
        }
        CpvFailure unanswered =
                CpvFailure.of(FailureCode.STEP_UNANSWERED, "The directory reported no result for the step");
        steps.forEach(step -> view.answers().putIfAbsent(step, unanswered));
    }

    private void answered(Step step, StepResult result) {
        view.answered(step, result);
        listeners.stepAnswered(context, step, result);
    }

    /** Ends the session, if one was opened. A fault there changes no result. */
    @Override
    public void close() {
        TenantSession opened = session;
        session = null;
        if (opened == null) {
            return;
        }
        try {
            opened.close();
        } catch (RuntimeException e) {
            LOG.error(
                    "The session of tenant {} could not be closed [{}]",
                    context.tenant(),
                    context.correlationId(),
                    ProgramFault.loggable(e));
        }
    }

    private <T> T roundTrip(String call, int steps, Supplier<T> work) {
        RoundTripEvent event = new RoundTripEvent();
        int before = context.requests();
        event.begin();
        try {
            return work.get();
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.tenant = context.tenant().toString();
                event.call = call;
                event.steps = steps;
                event.requests = context.requests() - before;
                event.commit();
            }
        }
    }
}
