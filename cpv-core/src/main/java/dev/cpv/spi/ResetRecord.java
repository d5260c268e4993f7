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
 * What a journal remembers of a reset: how the tenant was, and how far the reset came (R20).
 *
 * @param snapshot how the tenant was before anything was removed
 * @param extraGrants whether what is not required comes back too
 * @param started when the snapshot was taken
 * @param phase how far it came
 */
public record ResetRecord(TenantSnapshot snapshot, ExtraGrants extraGrants, Instant started, Phase phase) {
    /**
     * Creates the record.
     *
     * @param snapshot how the tenant was before anything was removed
     * @param extraGrants whether what is not required comes back too
     * @param started when the snapshot was taken
     * @param phase how far it came
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
     * @param json the text
     * @return the record
     * @throws IllegalArgumentException if it is no such text
     */
    public static ResetRecord fromJson(String json) {
        try {
            return read(JsonValue.parse(json));
        } catch (JsonFaultException e) {
            throw new IllegalArgumentException("No record of a reset: " + e.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Prints the record as one line of JSON, for journals that keep text.
     *
     * @return the JSON
     */
    public String toJson() {
        return JsonText.of(tree());
    }

    /**
     * Returns the record in another phase.
     *
     * @param next the phase
     * @return the record, with the same snapshot
     */
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

    /** How far a reset came (R20). This list is complete and won't grow. */
    public enum Phase {
        /** The snapshot is safe, nothing was removed. */
        SNAPSHOT,
        /** Consent and service principal may be there or not. */
        REMOVING,
        /** The tenant was seen without the service principal. */
        DELETED,
        /** Consent is there again; what was taken is being given back. */
        RESTORING,
        /** The reset ended, and all that could be given back was. */
        DONE,
        /** The removal was refused or had no effect, and the tenant is as it was. */
        ABORTED;

        /**
         * Says whether somebody has to finish the reset.
         *
         * @return false for {@link #DONE} and {@link #ABORTED}
         */
        public boolean isOpen() {
            return this != DONE && this != ABORTED;
        }
    }
}
