package dev.cpv.fleet;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.internal.Listeners;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts results and passes them on, one at a time; keeps none of them (R33). Thread-safe. */
final class RunStatistics {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);

    private final ReentrantLock notifying = new ReentrantLock();
    private final ReentrantLock counting = new ReentrantLock();
    private final Listeners<FleetListener> listeners;
    private final int maxAttention;
    private final Map<RefreshOutcome, Integer> outcomes = new EnumMap<>(RefreshOutcome.class);
    private final Map<FailureCode, Integer> failures = new EnumMap<>(FailureCode.class);
    private final Map<TenantTransition, Integer> changes = new EnumMap<>(TenantTransition.class);
    private final List<AttentionItem> attention = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int attentionOmitted;
    private List<ExpiringAccess> accessEnding = List.of();
    private int accessEndingOmitted;
    private int total;
    private int done;
    private int doneBefore;
    private long requests;

    RunStatistics(List<FleetListener> listeners, int maxAttention) {
        this.listeners = new Listeners<>(listeners, LOG, "the run continues");
        this.maxAttention = maxAttention;
    }

    void started(RunRecord run, int tenants, List<String> listRemarks, List<ExpiringAccess> ending) {
        change(() -> {
            total = tenants;
            remarks.addAll(listRemarks);
            accessEnding = ending.stream().limit(maxAttention).toList();
            accessEndingOmitted = ending.size() - accessEnding.size();
        });
        notifyListeners(listener -> listener.started(run, tenants));
    }

    void remark(String text) {
        change(() -> remarks.add(text));
    }

    /** Counts the requests of one attempt; a tenant may have several. */
    void cost(CpvResult result) {
        change(() -> requests += result.requests());
    }

    /** Counts a tenant that an earlier part of the run did. */
    void doneBefore(TenantRecord record) {
        change(() -> {
            done++;
            doneBefore++;
            outcomes.merge(record.lastOutcome(), 1, Integer::sum);
            record.lastFailure().ifPresent(code -> failures.merge(code, 1, Integer::sum));
        });
    }

    /** Counts a tenant's only result and passes it on. */
    void done(CatalogTenant tenant, CpvResult result, Optional<TenantTransition> change) {
        change(() -> {
            done++;
            outcomes.merge(result.outcome(), 1, Integer::sum);
            Optional<CpvFailure> failure = mainFailure(result);
            failure.ifPresent(f -> failures.merge(f.code(), 1, Integer::sum));
            change.ifPresent(c -> changes.merge(c, 1, Integer::sum));
            if (needsAttention(result, failure, change)) {
                attend(new AttentionItem(tenant.id(), tenant.label(), result.outcome(), failure, change));
            }
        });
        notifyListeners(listener -> listener.tenantDone(tenant, result));
    }

    private void attend(AttentionItem entry) {
        if (attention.size() < maxAttention) {
            attention.add(entry);
        } else {
            attentionOmitted++;
        }
    }

    /** The failure of the operation, or else of the first permission that failed or is not offered. */
    static Optional<CpvFailure> mainFailure(CpvResult result) {
        return result.failure().or(() -> result.outcome().isInSync() ? Optional.empty() : ofPermission(result));
    }

    private static Optional<CpvFailure> ofPermission(CpvResult result) {
        return result.permissions().stream()
                .filter(permission -> permission.status() == PermissionOutcome.Status.FAILED
                        || permission.status() == PermissionOutcome.Status.NOT_OFFERED)
                .flatMap(permission -> permission.failure().stream())
                .findFirst();
    }

    private static boolean needsAttention(
            CpvResult result, Optional<CpvFailure> failure, Optional<TenantTransition> change) {
        return switch (result.outcome()) {
            case FAILED, PARTIAL -> true;
            case SKIPPED ->
                failure.filter(f -> f.code() == FailureCode.QUARANTINED).isPresent();
            default -> change.filter(c -> c == TenantTransition.DRIFTED_AGAIN).isPresent();
        };
    }

    void ended(FleetReport report) {
        notifyListeners(listener -> listener.ended(report));
    }

    FleetProgress progress() {
        return read(() -> new FleetProgress(total, done, outcomes));
    }

    FleetReport report(RunRecord run, boolean planOnly, @Nullable CpvFailure alarm) {
        return new FleetReport(run, planOnly, read(this::totals), alarm);
    }

    private RunTotals totals() {
        return new RunTotals(
                total,
                doneBefore,
                outcomes,
                failures,
                changes,
                attention,
                attentionOmitted,
                accessEnding,
                accessEndingOmitted,
                remarks,
                requests);
    }

    /** One call at a time: while a listener works, no other result is passed on, so results cannot pile up. */
    private void notifyListeners(Consumer<FleetListener> event) {
        notifying.lock();
        try {
            listeners.call(event);
        } finally {
            notifying.unlock();
        }
    }

    private void change(Runnable work) {
        read(() -> {
            work.run();
            return done;
        });
    }

    private <T> T read(Supplier<T> work) {
        counting.lock();
        try {
            return work.get();
        } finally {
            counting.unlock();
        }
    }
}
