package dev.cpv.spi;

import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.TenantId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** The JSON texts of a fleet's state. */
final class FleetFile {
    private static final int FORMAT = 1;

    private FleetFile() {}

    static String write(Roster roster) {
        return text(Map.of(
                "accepted",
                roster.accepted().toString(),
                "tenants",
                roster.tenants().stream().map(TenantId::toString).toList()));
    }

    static String write(RunRecord run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", run.id().toString());
        tree.put("started", run.started().toString());
        tree.put("state", run.state().name());
        run.ended().ifPresent(ended -> tree.put("ended", ended.toString()));
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

    static Roster roster(JsonValue root) {
        List<TenantId> tenants = root.member("tenants").elements().stream()
                .map(each -> parsed(each, TenantId::of))
                .toList();
        return Roster.of(instant(root.member("accepted")), tenants);
    }

    static RunRecord run(JsonValue root) {
        return new RunRecord(
                parsed(root.member("id"), UUID::fromString),
                instant(root.member("started")),
                parsed(root.member("state"), RunRecord.State::valueOf),
                root.find("ended").map(FleetFile::instant));
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
        TenantId tenant = parsed(value.member("tenantId"), TenantId::of);
        TenantRule.Kind kind = parsed(value.member("kind"), TenantRule.Kind::valueOf);
        String author = value.member("author").text();
        Instant since = instant(value.member("since"));
        Optional<Instant> until = value.find("until").map(FleetFile::instant);
        return parsed(value.member("reason"), reason -> new TenantRule(tenant, kind, reason, author, since, until));
    }

    private static Instant instant(JsonValue value) {
        return parsed(value, Instant::parse);
    }

    private static <T> T parsed(JsonValue value, Function<String, T> parser) {
        try {
            return parser.apply(value.text());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw value.fault("Not readable: " + JsonText.quote(value.text()));
        }
    }
}
