package dev.cpv.model;

import java.util.Locale;
import java.util.ResourceBundle;

/** The texts of failures. English is the root bundle, so no machine's locale chooses another one. */
final class FailureTexts {
    private static final ResourceBundle ENGLISH = ResourceBundle.getBundle("dev.cpv.model.failures", Locale.ROOT);

    private FailureTexts() {}

    static String english(String key) {
        return ENGLISH.getString(key);
    }

    static String translated(ResourceBundle translation, String key) {
        return translation.containsKey(key) ? translation.getString(key) : english(key);
    }
}
