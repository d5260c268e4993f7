package dev.cpv.journal;

import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** The JSON texts of a fleet store. */
final class FleetFile {
    private static final int FORMAT = 1;

    private FleetFile() {}

    static String write(AcceptedTenantList list) {
        return text(Map.of(
                "accepted",
                list.accepted().toString(),
                "tenants",
                list.tenants().stream().map(TenantId::toString).toList()));
    }

    static String write(RunRecord run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", run.id().toString());
        tree.put("started", run.started().toString());
        tree.put("state", run.state().name());
        run.ended().ifPresent(ended -> tree.put("ended", ended.toString()));
        return text(tree);
    }

    static String write(ProcessOwner owner) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("claim", owner.claim().toString());
        tree.put("process", owner.process());
        owner.processStarted().ifPresent(started -> tree.put("processStarted", started.toString()));
        return text(tree);
    }

    static String write(Collection<TenantRule> rules) {
        return text(Map.of("rules", rules.stream().map(FleetFile::tree).toList()));
    }

    private static Map<String, Object> tree(TenantRule rule) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", rule.tenant().toString());
        tree.put("kind", rule.kind().name());
        tree.put("reason", rule.reason());
        tree.put("author", rule.author());
        tree.put("since", rule.since().toString());
        rule.until().ifPresent(until -> tree.put("until", until.toString()));
        return tree;
    }

    private static String text(Map<String, Object> content) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.putAll(content);
        return JsonText.indented(tree) + "\n";
    }

    /** Reads a text of a known format. */
    static <T> T read(String text, Function<JsonValue, T> reader) {
        JsonValue root = JsonValue.parse(text);
        JsonValue format = root.member("format");
        if (format.integer() != FORMAT) {
            throw format.fault("Format " + format.json() + " is not known to this version of cpv");
        }
        return reader.apply(root);
    }

    static AcceptedTenantList acceptedList(JsonValue root) {
        List<TenantId> tenants = root.member("tenants").elements().stream()
                .map(each -> each.parsed(TenantId::of))
                .toList();
        return AcceptedTenantList.of(root.member("accepted").parsed(Instant::parse), tenants);
    }

    static RunRecord run(JsonValue root) {
        return new RunRecord(
                root.member("id").parsed(UUID::fromString),
                root.member("started").parsed(Instant::parse),
                root.member("state").parsed(RunRecord.State::valueOf),
                root.find("ended").map(time -> time.parsed(Instant::parse)));
    }

    static ProcessOwner owner(JsonValue root) {
        return new ProcessOwner(
                root.member("claim").parsed(UUID::fromString),
                root.member("process").integer(),
                root.find("processStarted").map(time -> time.parsed(Instant::parse)));
    }

    static Map<TenantId, TenantRule> rules(JsonValue root) {
        Map<TenantId, TenantRule> rules = new TreeMap<>();
        root.member("rules").elements().forEach(each -> {
            TenantRule rule = rule(each);
            rules.put(rule.tenant(), rule);
        });
        return rules;
    }

    private static TenantRule rule(JsonValue value) {
        TenantId tenant = value.member("tenantId").parsed(TenantId::of);
        TenantRule.Kind kind = value.member("kind").parsed(TenantRule.Kind::valueOf);
        String author = value.member("author").text();
        Instant since = value.member("since").parsed(Instant::parse);
        Optional<Instant> until = value.find("until").map(time -> time.parsed(Instant::parse));
        return value.member("reason").parsed(reason -> new TenantRule(tenant, kind, reason, author, since, until));
    }
}
