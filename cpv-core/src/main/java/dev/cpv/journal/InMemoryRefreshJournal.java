package dev.cpv.journal;

import dev.cpv.model.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** In-memory implementation; not durable. Thread-safe. */
public final class InMemoryRefreshJournal extends JournalStore {
    private final Map<TenantId, JournalEntry> entries = new ConcurrentHashMap<>();

    /** Creates an empty journal. */
    public InMemoryRefreshJournal() {}

    @Override
    JournalEntry read(TenantId tenant) {
        return entries.computeIfAbsent(tenant, JournalEntry::empty);
    }

    @Override
    Optional<JournalEntry> change(TenantId tenant, Function<JournalEntry, Optional<JournalEntry>> change) {
        while (true) {
            JournalEntry before = read(tenant);
            Optional<JournalEntry> after = change.apply(before);
            if (after.isEmpty() || entries.replace(tenant, before, after.get())) {
                return after;
            }
        }
    }

    @Override
    boolean remove(TenantId tenant, Predicate<JournalEntry> allowed) {
        return entries.computeIfPresent(tenant, (id, entry) -> allowed.test(entry) ? null : entry) == null;
    }
}
