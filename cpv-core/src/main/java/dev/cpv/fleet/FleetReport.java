package dev.cpv.fleet;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RunRecord;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to: counts, what needs attention, and what changed since the last run. Its size does not grow with the number of
 * tenants (R33); each tenant's result went to the listeners. Immutable.
 */
public final class FleetReport {
    private final RunRecord run;
    private final boolean planOnly;
    private final int total;
    private final int doneBefore;
    private final Map<RefreshOutcome, Integer> outcomes;
    private final Map<FailureCode, Integer> failures;
    private final Map<TenantTransition, Integer> changes;
    private final List<AttentionItem> attention;
    private final int attentionOmitted;
    private final List<ExpiringAccess> accessEnding;
    private final int accessEndingOmitted;
    private final List<String> remarks;
    private final @Nullable CpvFailure alarm;
    private final long requests;

    FleetReport(Builder builder) {
        run = builder.run;
        planOnly = builder.planOnly;
        total = builder.total;
        doneBefore = builder.doneBefore;
        outcomes = Collections.unmodifiableMap(new EnumMap<>(builder.outcomes));
        failures = Collections.unmodifiableMap(new EnumMap<>(builder.failures));
        changes = Collections.unmodifiableMap(new EnumMap<>(builder.changes));
        attention = List.copyOf(builder.attention);
        attentionOmitted = builder.attentionOmitted;
        accessEnding = List.copyOf(builder.accessEnding);
        accessEndingOmitted = builder.accessEndingOmitted;
        remarks = List.copyOf(builder.remarks);
        alarm = builder.alarm;
        requests = builder.requests;
    }

    /**
     * Returns which run this was, when, and how it ended.
     *
     * @return the run, ended
     */
    public RunRecord run() {
        return run;
    }

    /**
     * Says whether the run only looked, and wrote nothing.
     *
     * @return whether it was {@link FleetRefresh.Builder#planOnly()}
     */
    public boolean planOnly() {
        return planOnly;
    }

    /**
     * Returns how many tenants there are.
     *
     * @return the count, manageable or not; zero if there was no list
     */
    public int total() {
        return total;
    }

    /**
     * Returns how many tenants an earlier part of the same run did. They are in {@link #outcomes()}, as the journal remembers them.
     *
     * @return the count; zero unless the run was resumed
     */
    public int doneBefore() {
        return doneBefore;
    }

    /**
     * Returns how many tenants have which outcome.
     *
     * @return the counts, without zeros; their sum is {@link #total()}
     */
    public Map<RefreshOutcome, Integer> outcomes() {
        return outcomes;
    }

    /**
     * Counts the tenants of an outcome.
     *
     * @param outcome the outcome
     * @return how many there are
     */
    public int count(RefreshOutcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    /**
     * Returns how many tenants ended with which failure, or were left out for which reason.
     *
     * @return the counts, without zeros; a tenant counts once, with the failure of the whole or else of the first permission
     */
    public Map<FailureCode, Integer> failures() {
        return failures;
    }

    /**
     * Returns how many tenants differ from their last refresh in which way.
     *
     * @return the counts, without zeros
     */
    public Map<TenantTransition, Integer> changes() {
        return changes;
    }

    /**
     * Returns the tenants that somebody should look at.
     *
     * @return the first of them, in the order in which they ended
     */
    public List<AttentionItem> attention() {
        return attention;
    }

    /**
     * Returns how many tenants need attention beyond {@link #attention()}.
     *
     * @return the count
     */
    public int attentionOmitted() {
        return attentionOmitted;
    }

    /**
     * Returns the tenants to which the partner's access (GDAP) ends within 30 days and does not prolong itself, as the catalog says, so
     * that somebody renews it in time. Those that are excluded, not manageable or offboarded are not among them. No failure: such a
     * tenant is refreshed as the others are.
     *
     * @return the first of them, the soonest first
     */
    public List<ExpiringAccess> accessEnding() {
        return accessEnding;
    }

    /**
     * Returns to how many tenants the access ends beyond {@link #accessEnding()}.
     *
     * @return the count
     */
    public int accessEndingOmitted() {
        return accessEndingOmitted;
    }

    /**
     * Returns what people should know of the list of tenants, or of what the run would change, as a whole.
     *
     * @return the remarks
     */
    public List<String> remarks() {
        return remarks;
    }

    /**
     * Returns what stopped the run: the partner's own trouble (R28), a list that shrank (R31), the brake (R35).
     *
     * @return the alarm, or empty if nothing did
     */
    public Optional<CpvFailure> alarm() {
        return Optional.ofNullable(alarm);
    }

    /**
     * Returns how many HTTP requests were sent for tenants.
     *
     * @return the count
     */
    public long requests() {
        return requests;
    }

    /**
     * Returns how long the run took; a resumed one from its first start.
     *
     * @return the time
     */
    public Duration duration() {
        return run.ended()
                .map(ended -> Duration.between(run.started(), ended))
                .filter(taken -> !taken.isNegative())
                .orElse(Duration.ZERO);
    }

    /**
     * Says whether every tenant had its turn and is in sync, or was left out on purpose; for a run that only plans, whether every
     * tenant could be looked at. Access that ends soon ({@link #accessEnding()}) is no part of that.
     *
     * @return whether nobody has to do anything for this run
     */
    public boolean isHealthy() {
        return alarm == null
                && count(RefreshOutcome.PARTIAL) == 0
                && count(RefreshOutcome.FAILED) == 0
                && count(RefreshOutcome.CANCELLED) == 0
                && count(RefreshOutcome.NOT_ATTEMPTED) == 0;
    }

    /**
     * Prints the report as one line of JSON. Holds no secret. Jackson writes a report in the same way, so a web application can
     * return one.
     *
     * @return the JSON
     */
    @JsonValue
    @JsonRawValue
    public String toJson() {
        return FleetReportJson.of(this);
    }

    @Override
    public String toString() {
        return "Run " + run.id() + " " + run.state() + ": " + outcomes + (alarm == null ? "" : "; " + alarm);
    }

    /** Collects what a report is made of. */
    static final class Builder {
        private final RunRecord run;
        private final boolean planOnly;
        private int total;
        private int doneBefore;
        private final Map<RefreshOutcome, Integer> outcomes = new EnumMap<>(RefreshOutcome.class);
        private final Map<FailureCode, Integer> failures = new EnumMap<>(FailureCode.class);
        private final Map<TenantTransition, Integer> changes = new EnumMap<>(TenantTransition.class);
        private List<AttentionItem> attention = List.of();
        private int attentionOmitted;
        private List<ExpiringAccess> accessEnding = List.of();
        private int accessEndingOmitted;
        private List<String> remarks = List.of();
        private @Nullable CpvFailure alarm;
        private long requests;

        Builder(RunRecord run, boolean planOnly) {
            this.run = run;
            this.planOnly = planOnly;
        }

        Builder tenants(int all, int before) {
            total = all;
            doneBefore = before;
            return this;
        }

        Builder counts(
                Map<RefreshOutcome, Integer> byOutcome,
                Map<FailureCode, Integer> byFailure,
                Map<TenantTransition, Integer> byChange) {
            outcomes.putAll(byOutcome);
            failures.putAll(byFailure);
            changes.putAll(byChange);
            return this;
        }

        Builder attention(List<AttentionItem> entries, int omitted) {
            attention = entries;
            attentionOmitted = omitted;
            return this;
        }

        Builder accessEnding(List<ExpiringAccess> entries, int omitted) {
            accessEnding = entries;
            accessEndingOmitted = omitted;
            return this;
        }

        Builder remarks(List<String> value) {
            remarks = value;
            return this;
        }

        Builder alarm(@Nullable CpvFailure value) {
            alarm = value;
            return this;
        }

        Builder requests(long value) {
            requests = value;
            return this;
        }

        FleetReport build() {
            return new FleetReport(this);
        }
    }
}
