package dev.cpv.journal;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The JSON texts of an entry: its record and reset, and separately the lease, which changes often (up to format 3 it was in the same
 * text). A change of what they may contain, even a new value of {@link RefreshOutcome}, needs a higher {@link #FORMAT}: an older cpv
 * that shares the directory then refuses the file instead of treating it as unreadable.
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
            tree.put("record", JsonText.raw(record.toJson()));
        }
        ResetRecord reset = entry.reset();
        if (reset != null) {
            tree.put("reset", JsonText.raw(reset.toJson()));
        }
        return JsonText.indented(tree) + "\n";
    }

    /** Prints the fencing number of an entry, and its lease if there is one, as one line. */
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

    /**
     * Reads an entry.
     *
     * @throws JsonFaultException if the text is not an entry of this tenant
     * @throws RefreshJournalException if a newer cpv wrote it
     */
    static JournalEntry read(TenantId tenant, String text) {
        JsonValue root = knownFormat(tenant, text);
        if (!root.member("tenantId").text().equals(tenant.toString())) {
            throw root.member("tenantId").fault("The file belongs to another tenant");
        }
        return new JournalEntry(
                tenant,
                0,
                null,
                root.find("record").map(record -> record(record, tenant)).orElse(null),
                root.find("reset").map(JournalFile::reset).orElse(null));
    }

    /**
     * Reads what {@link #writeLease} printed.
     *
     * @return the entry with that lease
     * @throws JsonFaultException if the text is not a lease
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

    private static ResetRecord reset(JsonValue reset) {
        return parsed(reset, () -> ResetRecord.fromJson(reset.json()));
    }

    private static TenantRecord record(JsonValue record, TenantId tenant) {
        Map<String, @Nullable Object> members = record.members();
        // The tenant comes from the file; format 1 did not count failures.
        members.put("tenantId", tenant.toString());
        members.putIfAbsent("failuresInARow", 0);
        return parsed(record, () -> TenantRecord.fromJson(JsonText.of(members)));
    }

    private static <T> T parsed(JsonValue value, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw value.fault(Objects.toString(e.getMessage()));
        }
    }
}
