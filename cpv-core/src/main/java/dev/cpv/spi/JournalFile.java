package dev.cpv.spi;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON texts of an entry: what is remembered, and the lease, which changes often and is kept apart (up to format 3 it was not).
 * Whoever changes what they may hold, be it a new value of {@link RefreshOutcome}, raises {@link #FORMAT}: an older cpv that shares
 * the directory then refuses the file instead of taking it for garbage.
 */
final class JournalFile {
    static final int FORMAT = 4;

    private JournalFile() {}

    static String write(JournalEntry entry) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("tenantId", entry.tenant().toString());
        TenantRecord record = entry.record();
        if (record != null) {
            tree.put("record", tree(record));
        }
        ResetRecord reset = entry.reset();
        if (reset != null) {
            tree.put("reset", reset.tree());
        }
        return JsonText.indented(tree) + "\n";
    }

    /** Prints the lease of an entry, held or not, as one line. */
    static String writeLease(JournalEntry entry) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("fencing", entry.fencing());
        Lease lease = entry.lease();
        if (lease != null) {
            tree.put("owner", lease.owner());
            tree.put("until", lease.until().toString());
        }
        return JsonText.of(tree) + "\n";
    }

    private static Map<String, Object> tree(TenantRecord record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("lastAttempt", record.lastAttempt().toString());
        tree.put("lastOutcome", record.lastOutcome().name());
        tree.put("requiredFingerprint", record.requiredFingerprint());
        record.actor().ifPresent(actor -> tree.put("actor", actor));
        record.reason().ifPresent(reason -> tree.put("reason", reason));
        tree.put(
                "notCreatable",
                new TreeMap<>(record.notCreatable())
                        .entrySet().stream()
                                .map(found -> Map.of(
                                        "resourceAppId", found.getKey().toString(),
                                        "found", found.getValue().toString()))
                                .toList());
        record.lastFailure().ifPresent(failure -> tree.put("lastFailure", failure.name()));
        tree.put("failuresInARow", record.failuresInARow());
        return tree;
    }

    /**
     * Reads an entry.
     *
     * @throws JsonFaultException if the text is not one of this tenant
     * @throws RefreshJournalException if a newer cpv wrote it
     */
    static JournalEntry read(TenantId tenant, String text) {
        JsonValue root = knownFormat(tenant, text);
        if (!root.member("tenantId").text().equals(tenant.toString())) {
            throw root.member("tenantId").fault("The file is of another tenant");
        }
        return new JournalEntry(
                tenant,
                0,
                null,
                root.find("record").map(record -> record(record, tenant)).orElse(null),
                root.find("reset").map(ResetRecord::read).orElse(null));
    }

    /**
     * Reads what {@link #writeLease} printed.
     *
     * @return the entry with that lease
     * @throws JsonFaultException if the text is not of that kind
     * @throws RefreshJournalException if a newer cpv wrote it
     */
    static JournalEntry readLease(String text, JournalEntry entry) {
        TenantId tenant = entry.tenant();
        JsonValue root = knownFormat(tenant, text);
        long fencing = root.member("fencing").integer();
        Lease lease = root.find("owner")
                .map(owner -> lease(owner, root.member("until"), tenant, fencing))
                .orElse(null);
        return new JournalEntry(tenant, fencing, lease, entry.record(), entry.reset());
    }

    private static Lease lease(JsonValue owner, JsonValue until, TenantId tenant, long fencing) {
        Instant end = until.parsed(Instant::parse);
        return owner.parsed(name -> new Lease(tenant, name, end, fencing));
    }

    private static JsonValue knownFormat(TenantId tenant, String text) {
        JsonValue root = JsonValue.parse(text);
        long format = root.member("format").integer();
        if (format < 1) {
            throw root.member("format").fault("No such format");
        }
        if (format > FORMAT) {
            throw new RefreshJournalException(
                    "The journal's file of tenant " + tenant + " was written by a newer cpv (format " + format
                            + ", this one knows " + FORMAT + "): use that version, or another directory",
                    null);
        }
        return root;
    }

    private static TenantRecord record(JsonValue record, TenantId tenant) {
        return new TenantRecord(
                tenant,
                record.member("lastAttempt").parsed(Instant::parse),
                record.member("lastOutcome").parsed(RefreshOutcome::valueOf),
                record.member("requiredFingerprint").text(),
                text(record, "actor"),
                text(record, "reason"),
                notCreatable(record.member("notCreatable").elements()),
                record.find("lastFailure").map(code -> code.parsed(FailureCode::valueOf)),
                // Format 1 did not count them.
                record.find("failuresInARow").map(JournalFile::count).orElse(0));
    }

    private static Optional<String> text(JsonValue object, String name) {
        return object.find(name).map(JsonValue::text);
    }

    private static Map<AppId, Instant> notCreatable(List<JsonValue> elements) {
        Map<AppId, Instant> found = new LinkedHashMap<>();
        elements.forEach(each -> found.put(
                each.member("resourceAppId").parsed(AppId::of),
                each.member("found").parsed(Instant::parse)));
        return found;
    }

    private static int count(JsonValue value) {
        long count = value.integer();
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw value.fault("No count");
        }
        return (int) count;
    }
}
