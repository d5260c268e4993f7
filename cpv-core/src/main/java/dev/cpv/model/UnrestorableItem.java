package dev.cpv.model;

import java.util.Objects;

/**
 * Something that a reset would remove and cannot restore (R19).
 *
 * @param what what it is, for people
 * @param reason why it cannot be restored, for people
 */
public record UnrestorableItem(String what, String reason) {
    /** Refuses nulls. */
    public UnrestorableItem {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
        return what + " (" + reason + ")";
    }
}
