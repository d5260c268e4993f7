package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Forgets at the end of the process. */
final class InMemoryFleetState implements FleetJournal, TenantRuleStore {
    private final Map<TenantId, TenantRule> rules = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable AcceptedTenantList> roster = new AtomicReference<>();
    private final AtomicReference<@Nullable RunRecord> run = new AtomicReference<>();
    private final AtomicReference<@Nullable RunLock> claimed = new AtomicReference<>();

    @Override
    public Optional<AcceptedTenantList> roster() {
        return Optional.ofNullable(roster.get());
    }

    @Override
    public void save(AcceptedTenantList accepted) {
        roster.set(accepted);
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
    public Optional<RunLock> claim() {
        RunLock claim = new RunLock() {
            @Override
            public void close() {
                claimed.compareAndSet(this, null);
            }
        };
        return claimed.compareAndSet(null, claim) ? Optional.of(claim) : Optional.empty();
    }

    @Override
    public List<TenantRule> list() {
        return List.copyOf(rules.values());
    }

    @Override
    public Optional<TenantRule> find(TenantId tenant) {
        return Optional.ofNullable(rules.get(tenant));
    }

    @Override
    public void put(TenantRule rule) {
        rules.put(rule.tenant(), rule);
    }

    @Override
    public void remove(TenantId tenant) {
        rules.remove(tenant);
    }
}
