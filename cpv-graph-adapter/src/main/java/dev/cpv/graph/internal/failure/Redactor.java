package dev.cpv.graph.internal.failure;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prepares texts of a service to be shown: one line, bounded, and without anything that looks like a secret (R23). */
final class Redactor {
    /** The rest of a longer text is not read. */
    static final int MAX_READ = 16 * 1024;

    private static final int MAX_SHOWN = 400;
    private static final String DROPPED = "[removed]";

    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}\\p{Zl}\\p{Zp}]+");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]{5,}+(\\.[A-Za-z0-9_-]*+)*+");
    private static final Pattern BEARER = Pattern.compile("(?i)(bearer )[A-Za-z0-9_.~+/=-]{8,}+");
    private static final Pattern NAMED_SECRET = Pattern.compile("(?i)\\b(client_secret|client_assertion|refresh_token"
            + "|access_token|id_token|assertion|password)(\"?\\s{0,3}[=:]\\s{0,3}\"?)[^\\s\"&,;]++");
    /** Refresh tokens are opaque and some thousand characters long; names of scopes and ids are shorter than this. */
    private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9_.~+=-]{100,}+");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");

    private Redactor() {}

    /** Returns the text as one line without secrets, cut after {@value #MAX_SHOWN} characters. */
    static String clean(String text) {
        String line = BLANKS.matcher(head(text, MAX_READ)).replaceAll(" ").strip();
        line = JWT.matcher(line).replaceAll(DROPPED);
        line = BEARER.matcher(line).replaceAll("$1" + DROPPED);
        line = NAMED_SECRET.matcher(line).replaceAll("$1$2" + DROPPED);
        line = OPAQUE.matcher(line).replaceAll(DROPPED);
        return line.length() > MAX_SHOWN ? head(line, MAX_SHOWN) + "…" : line;
    }

    /** Returns a service's code or request id, or null if the text is neither. */
    static @Nullable String identifier(String text) {
        return IDENTIFIER.matcher(text).matches() && clean(text).equals(text) ? text : null;
    }

    static boolean contains(String text, String phrase) {
        return head(text, MAX_READ).toLowerCase(Locale.ROOT).contains(phrase.toLowerCase(Locale.ROOT));
    }

    private static String head(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }
}
