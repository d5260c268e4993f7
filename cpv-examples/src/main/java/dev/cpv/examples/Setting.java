package dev.cpv.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An environment variable that the command line reads. */
enum Setting {
    PARTNER_TENANT_ID("the GUID of the partner's own tenant", "required"),
    CLIENT_ID("the application (client) id of the partner's application, a GUID", "required"),
    CLIENT_SECRET(
            "the value of a client secret of that application, or use CPV_CLIENT_CERTIFICATE instead",
            "required, or the certificate"),
    CLIENT_CERTIFICATE(
            "the path of a PKCS #12 file with a certificate of that application and its key",
            "required, or the secret"),
    CLIENT_CERTIFICATE_PASSWORD("the password of that file", "none"),
    REFRESH_TOKEN(
            "a refresh token of the service account, from a sign-in with MFA",
            "required, until CPV_STATE_DIR holds its replacement"),
    MANIFEST("the path of the application manifest, a JSON file with requiredResourceAccess", "required"),
    CLOUD("the Microsoft cloud: global, us-government, us-dod or china", "global"),
    STATE_DIR(
            "a directory for the journal, the last run, exclusions, and the refresh token that replaces the given one,"
                    + " kept from other users",
            "~/.cpv"),
    CONSENT_WAIT("how many seconds to wait for a new consent to be effective, 0 to 3600", "180"),
    LOGIN_URL("for tests, where token requests go: a base URL, https or http to loopback", "the cloud's"),
    PARTNER_CENTER_URL("for tests, where Partner Center is: a base URL likewise", "the cloud's"),
    GRAPH_URL("for tests, where Microsoft Graph is: a base URL without a version, likewise", "the cloud's");

    private final String meaning;
    private final String fallback;

    Setting(String meaning, String fallback) {
        this.meaning = meaning;
        this.fallback = fallback;
    }

    String variable() {
        return "CPV_" + name();
    }

    /** An empty variable counts as missing. White space around a value is no part of it, but for a password. */
    Optional<String> in(Map<String, String> environment) {
        String value = environment.getOrDefault(variable(), "");
        if (value.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(this == CLIENT_CERTIFICATE_PASSWORD ? value : value.strip());
    }

    String isMissing() {
        return variable() + " is not set: give " + meaning + ".";
    }

    /** Does not repeat the value, which may be a secret in the wrong place. */
    String isWrong(String how) {
        return variable() + " " + how + ": give " + meaning + ".";
    }

    /** What {@code --help} says of all settings, a line each. */
    static List<String> help() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Settings come from the environment; an empty variable counts as missing:");
        for (Setting setting : values()) {
            lines.add("  " + setting.variable());
            lines.add("      " + setting.meaning + " (" + setting.fallback + ")");
        }
        return lines;
    }
}
