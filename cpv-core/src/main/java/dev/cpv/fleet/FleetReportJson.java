package dev.cpv.fleet;

import dev.cpv.internal.failure.FailureJson;
import dev.cpv.internal.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as one line of JSON. */
final class FleetReportJson {
    private FleetReportJson() {}

    static String of(FleetReport report) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("runId", report.run().id().toString());
        tree.put("state", report.run().state().name());
        tree.put("planOnly", report.planOnly());
        tree.put("started", report.run().started().toString());
        tree.put("ended", report.run().ended().map(Object::toString).orElse(null));
        tree.put("durationMs", report.duration().toMillis());
        tree.put("tenants", report.total());
        tree.put("doneBefore", report.doneBefore());
        tree.put("requests", report.requests());
        tree.put("alarm", report.alarm().map(FailureJson::tree).orElse(null));
        tree.put("outcomes", names(report.outcomes()));
        tree.put("failures", names(report.failures()));
        tree.put("changes", names(report.changes()));
        tree.put(
                "attention",
                report.attention().stream().map(FleetReportJson::tree).toList());
        tree.put("attentionOmitted", report.attentionOmitted());
        tree.put(
                "accessEnding",
                report.accessEnding().stream().map(FleetReportJson::tree).toList());
        tree.put("accessEndingOmitted", report.accessEndingOmitted());
        tree.put("remarks", List.copyOf(report.remarks()));
        return JsonText.of(tree);
    }

    private static Map<String, Integer> names(Map<? extends Enum<?>, Integer> counts) {
        Map<String, Integer> names = new LinkedHashMap<>();
        counts.forEach((key, count) -> names.put(key.name(), count));
        return names;
    }

    private static Map<String, @Nullable Object> tree(AttentionItem item) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", item.tenant().toString());
        tree.put("label", item.label());
        tree.put("outcome", item.outcome().name());
        tree.put("change", item.change().map(Enum::name).orElse(null));
        tree.put("failure", item.failure().map(FailureJson::tree).orElse(null));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(ExpiringAccess access) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", access.tenant().toString());
        tree.put("label", access.label());
        tree.put("ends", access.ends().toString());
        return tree;
    }
}
