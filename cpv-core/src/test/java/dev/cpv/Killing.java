package dev.cpv;

import dev.cpv.Fixture.Passing;
import dev.cpv.model.AppId;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Ends the program at a call, before or after its effect, as a kill of the process would: nothing of cpv catches it. */
final class Killing extends Passing {
    private final int fatal;
    private final boolean before;
    private int calls;

    Killing(TenantDirectory directory, int fatal, boolean before) {
        super(directory);
        this.fatal = fatal;
        this.before = before;
    }

    @Override
    public ObservedTenant observe(RefreshContext context, Set<AppId> resources) {
        return call(() -> super.observe(context, resources));
    }

    @Override
    public Map<AppId, ResourceDefinition> definitions(RefreshContext context, Set<AppId> resources) {
        return call(() -> super.definitions(context, resources));
    }

    @Override
    public TenantSnapshot snapshot(RefreshContext context) {
        return call(() -> super.snapshot(context));
    }

    @Override
    public void apply(RefreshContext context, List<PlanStep> steps, StepSink sink) {
        call(() -> {
            super.apply(context, steps, sink);
            return true;
        });
    }

    private <T> T call(Supplier<T> work) {
        calls++;
        if (calls == fatal && before) {
            throw new KilledError();
        }
        T done = work.get();
        if (calls == fatal) {
            throw new KilledError();
        }
        return done;
    }

    /** The end of the program. */
    static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }
}
