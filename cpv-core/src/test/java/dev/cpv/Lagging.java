package dev.cpv;

import dev.cpv.model.AppId;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.ManualClock;
import dev.cpv.testing.PassingDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows for some time after a write what was there before it, as Graph's lists do. For one tenant. */
final class Lagging extends PassingDirectory {
    private final ManualClock clock;
    private final Duration lag;
    private @Nullable ObservedTenant before;
    private Instant until = Instant.MIN;

    Lagging(TenantDirectory directory, ManualClock clock, Duration lag) {
        super(directory);
        this.clock = clock;
        this.lag = lag;
    }

    @Override
    protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
        ObservedTenant now = super.observe(session, context, resources);
        ObservedTenant stale = before;
        if (stale != null && clock.instant().isBefore(until)) {
            return stale;
        }
        before = now;
        return now;
    }

    @Override
    protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
        super.apply(session, context, steps, sink);
        until = clock.instant().plus(lag);
    }
}
