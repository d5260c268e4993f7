package dev.cpv.fleet;

import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What {@link RunStatistics} counted until one moment. The components are those of {@link FleetReport}. */
record RunTotals(
        int total,
        int doneBefore,
        Map<RefreshOutcome, Integer> outcomes,
        Map<FailureCode, Integer> failures,
        Map<TenantTransition, Integer> changes,
        List<AttentionItem> attention,
        int attentionOmitted,
        List<ExpiringAccess> accessEnding,
        int accessEndingOmitted,
        List<String> remarks,
        long requests) {
    RunTotals {
        outcomes = Collections.unmodifiableMap(new EnumMap<>(outcomes));
        failures = Collections.unmodifiableMap(new EnumMap<>(failures));
        changes = Collections.unmodifiableMap(new EnumMap<>(changes));
        attention = List.copyOf(attention);
        accessEnding = List.copyOf(accessEnding);
        remarks = List.copyOf(remarks);
    }
}
