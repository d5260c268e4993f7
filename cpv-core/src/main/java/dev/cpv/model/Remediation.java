package dev.cpv.model;

import java.util.Objects;
import java.util.ResourceBundle;

/**
 * What to do about a failure, and who is responsible.
 *
 * @param party the responsible party
 * @param action what to do, as one or two sentences that a helpdesk can act on
 */
public record Remediation(Party party, String action) {
    /** Refuses nulls. */
    public Remediation {
        Objects.requireNonNull(party, "party");
        Objects.requireNonNull(action, "action");
    }

    /** The responsible party. New constants may appear in a minor release; keep a default branch. */
    public enum Party {
        /** Nobody: the next refresh may succeed by itself. */
        NOBODY,
        /** The partner who operates the tool. */
        PARTNER,
        /** An administrator of the customer's tenant. */
        CUSTOMER,
        /** The owner of the application registration, or the developer who embeds cpv. */
        DEVELOPER,
        /** Microsoft's support. */
        MICROSOFT;

        /** Returns the English name for people, such as {@code Customer}. */
        public String title() {
            return FailureTexts.english(key());
        }

        /**
         * Returns the name for people, in another language.
         *
         * @param translation holds the name under {@code Party.} and the constant; where it does not, the name is English
         */
        public String title(ResourceBundle translation) {
            return FailureTexts.translated(translation, key());
        }

        private String key() {
            return "Party." + name();
        }
    }

    /** Returns the English title of the responsible party, a colon and the action. */
    @Override
    public String toString() {
        return party.title() + ": " + action;
    }
}
