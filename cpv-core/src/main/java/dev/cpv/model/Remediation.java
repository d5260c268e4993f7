package dev.cpv.model;

import java.util.Objects;

/**
 * Who has to do what about a failure.
 *
 * @param party who has to act
 * @param action what to do, as one or two sentences that a helpdesk can act on
 */
public record Remediation(Party party, String action) {
    /**
     * Creates the remediation.
     *
     * @param party who has to act
     * @param action what to do, as one or two sentences that a helpdesk can act on
     * @throws NullPointerException if an argument is null
     */
    public Remediation {
        Objects.requireNonNull(party, "party");
        Objects.requireNonNull(action, "action");
    }

    /** Who has to act. New constants may appear in a minor release; keep a default branch. */
    public enum Party {
        /** Nobody: the next refresh may succeed by itself. */
        NOBODY("Nobody"),
        /** The partner who operates the tool. */
        PARTNER("Partner"),
        /** An administrator of the customer's tenant. */
        CUSTOMER("Customer"),
        /** Whoever owns the application registration or embeds cpv. */
        DEVELOPER("Developer"),
        /** Microsoft's support. */
        MICROSOFT("Microsoft");

        private final String title;

        Party(String title) {
            this.title = title;
        }

        /**
         * Returns the name for people.
         *
         * @return for example {@code Customer}
         */
        public String title() {
            return title;
        }
    }

    @Override
    public String toString() {
        return party.title() + ": " + action;
    }
}
