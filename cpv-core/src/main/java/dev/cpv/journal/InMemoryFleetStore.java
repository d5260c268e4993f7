package dev.cpv.journal;

import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** In-memory implementation; not durable. Thread-safe. */
public final class InMemoryFleetStore implements FleetStore {
    private final Map<TenantId, TenantRule> rules = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable AcceptedTenantList> accepted = new AtomicReference<>();
    private final AtomicReference<@Nullable RunRecord> run = new AtomicReference<>();
    private final AtomicReference<@Nullable RunLock> locked = new AtomicReference<>();

    /** Creates an empty store. */
    public InMemoryFleetStore() {}

    @Override
    public Optional<AcceptedTenantList> acceptedList() {
        return Optional.ofNullable(accepted.get());
    }

    @Override
    public void save(AcceptedTenantList list) {
        accepted.set(list);
    }

    @Override
    public Optional<RunRecord> lastRun() {
        return Optional.ofNullable(run.get());
    }

    @Override
    public void save(RunRecord last) {
        run.set(last);
    }

    @Override
    public Optional<RunLock> tryLock() {
        RunLock lock = new RunLock() {
            @Override
            public void close() {
                locked.compareAndSet(this, null);
            }
        };
        return locked.compareAndSet(null, lock) ? Optional.of(lock) : Optional.empty();
    }

    @Override
    public List<TenantRule> rules() {
        return List.copyOf(rules.values());
    }

    @Override
    public Optional<TenantRule> findRule(TenantId tenant) {
        return Optional.ofNullable(rules.get(tenant));
    }

    @Override
    public void save(TenantRule rule) {
        rules.put(rule.tenant(), rule);
    }

    @Override
    public void removeRule(TenantId tenant) {
        rules.remove(tenant);
    }
}
