package dev.cpv.spi;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The record of a tenant in a journal.
 *
 * @param tenant the tenant
 * @param lastAttempt when the last refresh ended
 * @param lastOutcome its outcome
 * @param requiredFingerprint the fingerprint of the permissions that were required then
 * @param actor who requested it, if given
 * @param reason why, if given
 * @param notCreatable the resources that could not be added, and when that was found (R15)
 * @param lastFailure the failure that ended the last refresh early, if there was one
 * @param failuresInARow how many attempts in a row, including the last one, failed for a cause in the tenant, zero or more; these put
 *     a tenant into quarantine (R30)
 */
public record TenantRecord(
        TenantId tenant,
        Instant lastAttempt,
        RefreshOutcome lastOutcome,
        String requiredFingerprint,
        Optional<String> actor,
        Optional<String> reason,
        Map<AppId, Instant> notCreatable,
        Optional<FailureCode> lastFailure,
        int failuresInARow) {
    /**
     * Creates the record.
     *
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the count is negative
     */
    public TenantRecord {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(lastAttempt, "lastAttempt");
        Objects.requireNonNull(lastOutcome, "lastOutcome");
        Objects.requireNonNull(requiredFingerprint, "requiredFingerprint");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(reason, "reason");
        notCreatable = Map.copyOf(notCreatable);
        Objects.requireNonNull(lastFailure, "lastFailure");
        if (failuresInARow < 0) {
            throw new IllegalArgumentException("failuresInARow must not be negative: " + failuresInARow);
        }
    }

    /**
     * Reads a record that {@link #toJson()} printed. Members with other names are ignored.
     *
     * @throws IllegalArgumentException if the text is not such a record; the message names the JSON path
     */
    public static TenantRecord fromJson(String json) {
        try {
            return read(JsonValue.parse(json));
        } catch (JsonFaultException e) {
            throw new IllegalArgumentException("Not a tenant record, at " + e.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Prints the record as one line of JSON, for stores of text and for reports. An empty value has no member. Times are ISO 8601
     * in UTC, constants are their names; the resources are in the order of their ids:
     *
     * <pre>{@code
     * {"tenantId":"0b7d5f4e-…","lastAttempt":"2026-11-01T00:00:07Z","lastOutcome":"PARTIAL","requiredFingerprint":"9f86d0…",
     *  "actor":"ann","reason":"ticket 7","notCreatable":[{"resourceAppId":"00000003-…","found":"2026-10-31T00:00:00Z"}],
     *  "lastFailure":"SERVICE_UNAVAILABLE","failuresInARow":0}
     * }</pre>
     */
    public String toJson() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", tenant.toString());
        tree.put("lastAttempt", lastAttempt.toString());
        tree.put("lastOutcome", lastOutcome.name());
        tree.put("requiredFingerprint", requiredFingerprint);
        actor.ifPresent(who -> tree.put("actor", who));
        reason.ifPresent(why -> tree.put("reason", why));
        tree.put(
                "notCreatable",
                new TreeMap<>(notCreatable)
                        .entrySet().stream().map(TenantRecord::tree).toList());
        lastFailure.ifPresent(code -> tree.put("lastFailure", code.name()));
        tree.put("failuresInARow", failuresInARow);
        return JsonText.of(tree);
    }

    private static Map<String, Object> tree(Map.Entry<AppId, Instant> resource) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("resourceAppId", resource.getKey().toString());
        tree.put("found", resource.getValue().toString());
        return tree;
    }

    private static TenantRecord read(JsonValue value) {
        return new TenantRecord(
                value.member("tenantId").parsed(TenantId::of),
                value.member("lastAttempt").parsed(Instant::parse),
                value.member("lastOutcome").parsed(RefreshOutcome::valueOf),
                value.member("requiredFingerprint").text(),
                value.find("actor").map(JsonValue::text),
                value.find("reason").map(JsonValue::text),
                resources(value.member("notCreatable")),
                value.find("lastFailure").map(code -> code.parsed(FailureCode::valueOf)),
                count(value.member("failuresInARow")));
    }

    private static Map<AppId, Instant> resources(JsonValue array) {
        Map<AppId, Instant> found = new HashMap<>();
        array.elements()
                .forEach(each -> found.put(
                        each.member("resourceAppId").parsed(AppId::of),
                        each.member("found").parsed(Instant::parse)));
        return found;
    }

    private static int count(JsonValue value) {
        long count = value.integer();
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw value.fault("Not a count: " + count);
        }
        return (int) count;
    }
}
