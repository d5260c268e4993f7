package dev.cpv.model;

import dev.cpv.internal.json.JsonText;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Reads GUIDs strictly: {@link UUID#fromString} also accepts texts such as {@code 1-1-1-1-1}. */
public final class Guids {
    private static final int LENGTH = 36;

    /** The order of the texts, which is not that of {@link UUID#compareTo}: that takes the halves as signed numbers. */
    static final Comparator<UUID> ORDER = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    private Guids() {}

    /** Returns whether a text is a GUID: 36 characters, hexadecimal digits of any case and four dashes. */
    public static boolean isGuid(String text) {
        // A loop, since this runs for every permission of every tenant: a regular expression took a sixth of a refresh.
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

    /** Returns the GUID that a text is, or empty if it is none. */
    public static Optional<UUID> find(String text) {
        return isGuid(text) ? Optional.of(UUID.fromString(text.toLowerCase(Locale.ROOT))) : Optional.empty();
    }

    static UUID parse(String text, String what) {
        Objects.requireNonNull(text, what);
        return find(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "No valid " + what + ", which is a GUID: " + JsonText.quote(text)));
    }
}
