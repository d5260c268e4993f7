package dev.cpv;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.model.AppId;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the journal remembers of a tenant, with what this operation finds out. */
final class TenantMemory {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);
    private static final Duration NOT_CREATABLE_FOR = Duration.ofDays(7);

    private final RefreshJournal journal;
    private final TenantId tenant;
    private final OperationTime time;
    /** The resources that could not be added, and when that was found (R15). */
    private final Map<AppId, Instant> notCreatable = new HashMap<>();

    private boolean recalled;
    private int failuresInARow;

    TenantMemory(RefreshJournal journal, TenantId tenant, OperationTime time) {
        this.journal = journal;
        this.tenant = tenant;
        this.time = time;
    }

    /** Reads the tenant's record, once in an operation. */
    void recall() {
        if (recalled) {
            return;
        }
        Optional<TenantRecord> record = read(journal::find);
        recalled = true;
        Instant since = time.start().minus(NOT_CREATABLE_FOR);
        record.ifPresent(known -> {
            failuresInARow = known.failuresInARow();
            known.notCreatable().forEach((resource, found) -> {
                if (found.isAfter(since)) {
                    notCreatable.putIfAbsent(resource, found);
                }
            });
        });
    }

    /** Whether the record was read. Only then may it be overwritten (R15). */
    boolean isRecalled() {
        return recalled;
    }

    int failuresInARow() {
        return failuresInARow;
    }

    Map<AppId, Instant> notCreatable() {
        return Map.copyOf(notCreatable);
    }

    Set<AppId> notCreatableIds() {
        return Set.copyOf(notCreatable.keySet());
    }

    void couldNotCreate(AppId resource) {
        notCreatable.put(resource, time.now());
    }

    void forgetNotCreatable(Predicate<AppId> which) {
        notCreatable.keySet().removeIf(which);
    }

    /** The reset of the tenant that began and has not ended, if there is one (R20). */
    Optional<ResetRecord> unfinishedReset() {
        return read(journal::findReset).filter(reset -> reset.phase().isOpen());
    }

    private <T> Optional<T> read(Function<TenantId, Optional<T>> question) {
        try {
            return question.apply(tenant);
        } catch (RuntimeException e) {
            LOG.error("The journal could not be read for tenant {}", tenant, ProgramFault.loggable(e));
            throw new StopException(TenantLease.journalFailed(e));
        }
    }
}
