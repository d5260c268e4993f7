package dev.cpv;

import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Passes all on to another journal; a test overrides what it wants otherwise. */
class PassingJournal implements RefreshJournal {
    private final RefreshJournal journal;

    PassingJournal(RefreshJournal journal) {
        this.journal = journal;
    }

    @Override
    public Optional<TenantRecord> find(TenantId tenant) {
        return journal.find(tenant);
    }

    @Override
    public boolean save(TenantRecord record, Lease lease) {
        return journal.save(record, lease);
    }

    @Override
    public Optional<ResetRecord> findReset(TenantId tenant) {
        return journal.findReset(tenant);
    }

    @Override
    public boolean saveReset(ResetRecord reset, Lease lease) {
        return journal.saveReset(reset, lease);
    }

    @Override
    public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
        return journal.acquire(tenant, owner, now, duration);
    }

    @Override
    public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
        return journal.renew(lease, now, duration);
    }

    @Override
    public void release(Lease lease) {
        journal.release(lease);
    }

    @Override
    public Optional<Lease> lease(TenantId tenant) {
        return journal.lease(tenant);
    }

    @Override
    public boolean forget(TenantId tenant, Instant now) {
        return journal.forget(tenant, now);
    }

    @Override
    public boolean isDurable() {
        return journal.isDurable();
    }
}
