package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureScope;
import dev.cpv.model.TenantId;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs operations that a fleet run does not have, such as a reset, on several tenants at a time, and reports each tenant as it ends.
 * A partner-wide failure, such as a revoked refresh token, would affect every tenant, so the tenants that are still waiting are then
 * not attempted (R28). The same applies after a cancellation.
 */
final class TenantRun {
    private final Cancellation cancellation;
    private final AtomicBoolean stopped = new AtomicBoolean();

    TenantRun(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /**
     * The operation on one tenant.
     *
     * @param tenant the tenant
     * @param work runs the operation
     */
    record Job(TenantId tenant, Supplier<CpvResult> work) {}

    /** Blocks until all jobs are done. The sink is called on the calling thread, as jobs end. */
    void run(List<Job> jobs, int concurrency, Consumer<CpvResult> sink) {
        ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, Math.min(concurrency, jobs.size())));
        try {
            CompletionService<CpvResult> ended = new ExecutorCompletionService<>(workers);
            for (Job job : jobs) {
                var unused = ended.submit(() -> result(job));
            }
            for (int i = 0; i < jobs.size(); i++) {
                sink.accept(ended.take().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while tenants were being worked on", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A tenant's operation ended with an unexpected error", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private CpvResult result(Job job) {
        if (stopped.get() || cancellation.isCancelled()) {
            return CpvResult.notAttempted(
                    job.tenant().toString(),
                    stopped.get()
                            ? "The run stopped before this tenant, because its cause would affect every tenant"
                            : "The run was cancelled before this tenant");
        }
        CpvResult result = job.work().get();
        if (isPartnerWide(result)) {
            stopped.set(true);
        }
        return result;
    }

    private static boolean isPartnerWide(CpvResult result) {
        return result.failures().stream().anyMatch(failure -> failure.scope() == FailureScope.PARTNER);
    }
}
