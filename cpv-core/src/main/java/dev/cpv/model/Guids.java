package dev.cpv.model;

import dev.cpv.internal.json.JsonText;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/** Strict reading of GUIDs: {@link UUID#fromString} also takes texts such as {@code 1-1-1-1-1}. */
final class Guids {
    private static final int LENGTH = 36;

    /** The order of the texts, which is not that of {@link UUID#compareTo}: that takes the halves as signed numbers. */
    static final Comparator<UUID> ORDER = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    private Guids() {}

    /** Asked for every permission of every tenant, so by hand: a regular expression took a sixth of a refresh. */
    static boolean isGuid(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int place = 0; place < LENGTH; place++) {
            boolean dash = place == 8 || place == 13 || place == 18 || place == 23;
            if (dash ? text.charAt(place) != '-' : !isHex(text.charAt(place))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static UUID parse(String text, String what) {
        Objects.requireNonNull(text, what);
        if (!isGuid(text)) {
            throw new IllegalArgumentException("Not a " + what + " (a GUID is needed): " + JsonText.quote(text));
        }
        return UUID.fromString(text.toLowerCase(Locale.ROOT));
    }
}
