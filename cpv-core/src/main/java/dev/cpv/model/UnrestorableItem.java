package dev.cpv.model;

import java.util.Objects;

/**
 * Something that a reset would take away and cannot give back (R19).
 *
 * @param what what it is, for people
 * @param reason why it cannot be given back, for people
 */
public record UnrestorableItem(String what, String reason) {
    /**
     * Creates the loss.
     *
     */
    public UnrestorableItem {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
        return what + " (" + reason + ")";
    }
}
