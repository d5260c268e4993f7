package dev.cpv.spi;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.TenantSnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The record of a reset in a journal: the tenant's state before it, and its phase (R20).
 *
 * @param snapshot the tenant's state before anything was removed
 * @param extraGrants whether extra permissions are restored too
 * @param started when the snapshot was taken
 * @param phase how far the reset is
 */
public record ResetRecord(TenantSnapshot snapshot, ExtraGrants extraGrants, Instant started, Phase phase) {
    /**
     * Creates the record.
     */
    public ResetRecord {
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(extraGrants, "extraGrants");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(phase, "phase");
    }

    /**
     * Reads a record that {@link #toJson()} printed.
     *
     * @throws IllegalArgumentException if the text is not such a record; the message names the JSON path
     */
    public static ResetRecord fromJson(String json) {
        try {
            return read(JsonValue.parse(json));
        } catch (JsonFaultException e) {
            throw new IllegalArgumentException("No record of a reset: " + e.path() + ": " + e.getMessage(), e);
        }
    }

    /** Prints the record as one line of JSON, for journals that store text. */
    public String toJson() {
        return JsonText.of(tree());
    }

    /** Returns the record in another phase, with the same snapshot. */
    public ResetRecord in(Phase next) {
        return new ResetRecord(snapshot, extraGrants, started, next);
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("phase", phase.name());
        tree.put("started", started.toString());
        tree.put("extraGrants", extraGrants.name());
        tree.put("snapshot", snapshot.toTree());
        return tree;
    }

    private static ResetRecord read(JsonValue value) {
        return new ResetRecord(
                snapshot(value.member("snapshot")),
                value.member("extraGrants").parsed(ExtraGrants::valueOf),
                value.member("started").parsed(Instant::parse),
                value.member("phase").parsed(Phase::valueOf));
    }

    private static TenantSnapshot snapshot(JsonValue value) {
        try {
            return TenantSnapshot.fromJson(value.json());
        } catch (IllegalArgumentException e) {
            throw value.fault(Objects.toString(e.getMessage()));
        }
    }

    /** How far a reset is (R20). This list is complete and will not grow. */
    public enum Phase {
        /** The snapshot is stored, and nothing was removed. */
        SNAPSHOT,
        /** Consent and service principal may or may not be present. */
        REMOVING,
        /** The tenant was observed without the service principal. */
        DELETED,
        /** The consent was given again; what was removed is being restored. */
        RESTORING,
        /** The reset ended, and everything that can be restored was restored. */
        DONE,
        /** The removal was refused or had no effect, and the tenant is unchanged. */
        ABORTED;

        /** Returns whether the reset has to be finished; false for {@link #DONE} and {@link #ABORTED}. */
        public boolean isOpen() {
            return this != DONE && this != ABORTED;
        }
    }
}
