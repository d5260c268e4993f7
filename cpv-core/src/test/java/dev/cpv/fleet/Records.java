package dev.cpv.fleet;

import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.TenantRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a journal may remember. */
final class Records {
    static final Instant TIME = Instant.parse("2026-11-01T00:00:00Z");

    private Records() {}

    static TenantRecord failed(int timesInARow) {
        return new TenantRecord(
                Fleet.id(1),
                TIME,
                RefreshOutcome.FAILED,
                "fingerprint",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(FailureCode.CONDITIONAL_ACCESS_BLOCKED),
                timesInARow);
    }
}
