package dev.cpv.model;

import dev.cpv.internal.json.JsonText;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** Strict reading of GUIDs: {@link UUID#fromString} also takes texts such as {@code 1-1-1-1-1}. */
final class Guids {
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** The order of the texts, which is not that of {@link UUID#compareTo}: that takes the halves as signed numbers. */
    static final Comparator<UUID> ORDER = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    private Guids() {}

    static boolean isGuid(String text) {
        return GUID.matcher(text).matches();
    }

    static UUID parse(String text, String what) {
        Objects.requireNonNull(text, what);
        if (!isGuid(text)) {
            throw new IllegalArgumentException("Not a " + what + " (a GUID is needed): " + JsonText.quote(text));
        }
        return UUID.fromString(text.toLowerCase(Locale.ROOT));
    }
}
