package dev.cpv.fleet;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RunRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run: counts, what needs attention, and what changed since the last run. Its size does not grow with the number of
 * tenants (R33); each tenant's result was passed to the listeners. Immutable.
 */
public final class FleetReport {
    private final RunRecord run;
    private final boolean planOnly;
    private final RunTotals totals;
    private final @Nullable CpvFailure alarm;

    FleetReport(RunRecord run, boolean planOnly, RunTotals totals, @Nullable CpvFailure alarm) {
        this.run = run;
        this.planOnly = planOnly;
        this.totals = totals;
        this.alarm = alarm;
    }

    /** Returns which run this was, when, and how it ended. */
    public RunRecord run() {
        return run;
    }

    /** Returns whether the run wrote nothing, as {@link FleetRefresh.Builder#planOnly()} asks. */
    public boolean planOnly() {
        return planOnly;
    }

    /** Returns how many tenants there are, manageable or not; zero if there was no list. */
    public int total() {
        return totals.total();
    }

    /**
     * Returns how many tenants an earlier part of the same run did; zero unless the run was resumed. They are in {@link #outcomes()}, as
     * the journal remembers them.
     */
    public int doneBefore() {
        return totals.doneBefore();
    }

    /** Returns how many tenants have which outcome, without zeros; the sum is {@link #total()}. */
    public Map<RefreshOutcome, Integer> outcomes() {
        return totals.outcomes();
    }

    /** Returns how many tenants have an outcome. */
    public int count(RefreshOutcome outcome) {
        return outcomes().getOrDefault(outcome, 0);
    }

    /**
     * Returns how many tenants ended with which failure, or were left out for which reason, without zeros. A tenant counts once: with the
     * failure of its refresh, or else with that of its first permission.
     */
    public Map<FailureCode, Integer> failures() {
        return totals.failures();
    }

    /** Returns how many tenants differ from their last refresh in which way, without zeros. */
    public Map<TenantTransition, Integer> changes() {
        return totals.changes();
    }

    /** Returns the tenants that need attention: the first {@link FleetRefresh.Builder#maxAttention}, in the order in which they ended. */
    public List<AttentionItem> attention() {
        return totals.attention();
    }

    /** Returns how many tenants need attention beyond {@link #attention()}. */
    public int attentionOmitted() {
        return totals.attentionOmitted();
    }

    /**
     * Returns the tenants to which the partner's access (GDAP) ends within 30 days without automatic renewal, according to the catalog:
     * the first {@link FleetRefresh.Builder#maxAttention}, the soonest first. Excluded, unmanageable and offboarded tenants are not
     * among them. This is no failure: such a tenant is refreshed as the others are.
     */
    public List<ExpiringAccess> accessEnding() {
        return totals.accessEnding();
    }

    /** Returns to how many tenants the access ends beyond {@link #accessEnding()}. */
    public int accessEndingOmitted() {
        return totals.accessEndingOmitted();
    }

    /** Returns what people should know about the tenant list, or about the changes that a planned run would make. */
    public List<String> remarks() {
        return totals.remarks();
    }

    /** Returns what stopped the run, if anything did: a partner-wide failure (R28), a list that shrank (R31), the brake (R35). */
    public Optional<CpvFailure> alarm() {
        return Optional.ofNullable(alarm);
    }

    /** Returns how many HTTP requests were sent for tenants. */
    public long requests() {
        return totals.requests();
    }

    /** Returns how long the run took; a resumed run counts from its first start. */
    public Duration duration() {
        return run.ended()
                .map(ended -> Duration.between(run.started(), ended))
                .filter(taken -> !taken.isNegative())
                .orElse(Duration.ZERO);
    }

    /**
     * Returns whether nobody has to act for this run: every tenant had its turn and is in sync, or was left out on purpose. For a run
     * that only plans: whether every tenant could be observed. Access that ends soon ({@link #accessEnding()}) does not count.
     */
    public boolean isHealthy() {
        return alarm == null
                && count(RefreshOutcome.PARTIAL) == 0
                && count(RefreshOutcome.FAILED) == 0
                && count(RefreshOutcome.CANCELLED) == 0
                && count(RefreshOutcome.NOT_ATTEMPTED) == 0;
    }

    /** Prints the report as one line of JSON. Contains no secret. Jackson writes a report in the same way. */
    @JsonValue
    @JsonRawValue
    public String toJson() {
        return FleetReportJson.of(this);
    }

    @Override
    public String toString() {
        return "Run " + run.id() + " " + run.state() + ": " + outcomes() + (alarm == null ? "" : "; " + alarm);
    }
}
