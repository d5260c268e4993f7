package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Forgets at the end of the process. */
final class InMemoryRefreshJournal implements RefreshJournal {
    private final Map<TenantId, TenantRecord> records = new ConcurrentHashMap<>();

    @Override
    public Optional<TenantRecord> find(TenantId tenant) {
        return Optional.ofNullable(records.get(tenant));
    }

    @Override
    public void save(TenantRecord record) {
        records.put(record.tenant(), record);
    }
}
