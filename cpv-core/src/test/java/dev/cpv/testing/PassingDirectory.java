package dev.cpv.testing;

import dev.cpv.model.AppId;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Passes all calls on to another directory. A test overrides what it wants otherwise: a call of the session, which gets the
 * other directory's session, or {@link #call}, which is around all of them.
 */
public class PassingDirectory implements TenantDirectory {
    private final TenantDirectory directory;

    public PassingDirectory(TenantDirectory directory) {
        this.directory = directory;
    }

    /** Around every call of a session but {@code close}. */
    protected <T> T call(RefreshContext context, Kind kind, Supplier<T> work) {
        return work.get();
    }

    protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
        return session.observe(resources);
    }

    protected Map<AppId, ResourceDefinition> definitions(
            TenantSession session, RefreshContext context, Set<AppId> resources) {
        return session.definitions(resources);
    }

    protected StepResult consent(TenantSession session, RefreshContext context, PlanStep.Consent consent) {
        return session.consent(consent);
    }

    protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
        session.apply(steps, (step, result) -> answer(step, result, sink));
    }

    protected TenantSnapshot snapshot(TenantSession session, RefreshContext context) {
        return session.snapshot();
    }

    protected StepResult removeConsent(TenantSession session, RefreshContext context) {
        return session.removeConsent();
    }

    protected StepResult deleteServicePrincipal(TenantSession session, RefreshContext context) {
        return session.deleteServicePrincipal();
    }

    protected void restore(
            TenantSession session, RefreshContext context, List<PrincipalAssignment> assignments, StepSink sink) {
        session.restore(assignments, (step, result) -> answer(step, result, sink));
    }

    /** Each answer that comes by a sink. */
    protected void answer(Step step, StepResult result, StepSink sink) {
        sink.accept(step, result);
    }

    protected void close(TenantSession session) {
        session.close();
    }

    @Override
    public TenantSession open(RefreshContext context) {
        return new Session(directory.open(context), context);
    }

    @Override
    public TenantRoute route(TenantId tenant) {
        return directory.route(tenant);
    }

    @Override
    public TenantId resolve(String domain) {
        return directory.resolve(domain);
    }

    private final class Session implements TenantSession {
        private final TenantSession session;
        private final RefreshContext context;

        Session(TenantSession session, RefreshContext context) {
            this.session = session;
            this.context = context;
        }

        private <T> T call(Kind kind, Supplier<T> work) {
            return PassingDirectory.this.call(context, kind, work);
        }

        private void call(Kind kind, Runnable work) {
            call(kind, () -> {
                work.run();
                return kind;
            });
        }

        @Override
        public ObservedTenant observe(Set<AppId> resources) {
            return call(Kind.OBSERVE, () -> PassingDirectory.this.observe(session, context, resources));
        }

        @Override
        public Map<AppId, ResourceDefinition> definitions(Set<AppId> resources) {
            return call(Kind.DEFINITIONS, () -> PassingDirectory.this.definitions(session, context, resources));
        }

        @Override
        public StepResult consent(PlanStep.Consent consent) {
            return call(Kind.CONSENT, () -> PassingDirectory.this.consent(session, context, consent));
        }

        @Override
        public void apply(List<PlanStep> steps, StepSink sink) {
            call(Kind.APPLY, () -> PassingDirectory.this.apply(session, context, steps, sink));
        }

        @Override
        public TenantSnapshot snapshot() {
            return call(Kind.SNAPSHOT, () -> PassingDirectory.this.snapshot(session, context));
        }

        @Override
        public StepResult removeConsent() {
            return call(Kind.REMOVE_CONSENT, () -> PassingDirectory.this.removeConsent(session, context));
        }

        @Override
        public StepResult deleteServicePrincipal() {
            return call(
                    Kind.DELETE_SERVICE_PRINCIPAL,
                    () -> PassingDirectory.this.deleteServicePrincipal(session, context));
        }

        @Override
        public void restore(List<PrincipalAssignment> assignments, StepSink sink) {
            call(Kind.RESTORE, () -> PassingDirectory.this.restore(session, context, assignments, sink));
        }

        @Override
        public void close() {
            PassingDirectory.this.close(session);
        }
    }
}
