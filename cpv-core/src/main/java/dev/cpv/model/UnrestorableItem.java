package dev.cpv.model;

import java.util.Objects;

/**
 * Something that a reset would remove and cannot restore (R19). Two items with the same key are equal: names and reasons are
 * for people.
 *
 * @param key what it is, by ids alone
 * @param what what it is, for people
 * @param reason why it cannot be restored, for people
 */
public record UnrestorableItem(String key, String what, String reason) {
    /** Refuses nulls. */
    public UnrestorableItem {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(reason, "reason");
    }

    /**
     * Creates an item whose description holds no name that can change.
     *
     * @param what what it is, by ids
     * @param reason why it cannot be given back, for people
     */
    public UnrestorableItem(String what, String reason) {
        this(what, what, reason);
    }

    /**
     * Creates the item of an assignment that cannot be given back.
     *
     * @param assignment the assignment
     * @param reason why it cannot be given back, for people
     */
    public static UnrestorableItem of(PrincipalAssignment assignment, String reason) {
        return new UnrestorableItem(assignment.key(), assignment.describe(), reason);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnrestorableItem that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return what + " (" + reason + ")";
    }
}
