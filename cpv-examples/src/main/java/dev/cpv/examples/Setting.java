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
            "the value of a client secret of the application, or set CPV_CLIENT_CERTIFICATE instead",
            "required unless CPV_CLIENT_CERTIFICATE is set"),
    CLIENT_CERTIFICATE(
            "the path of a PKCS #12 file with a certificate of the application and its private key",
            "required unless CPV_CLIENT_SECRET is set"),
    CLIENT_CERTIFICATE_PASSWORD("the password of the PKCS #12 file", "default: none"),
    REFRESH_TOKEN(
            "a refresh token of the service account, from a sign-in with MFA",
            "required until CPV_STATE_DIR contains its replacement"),
    MANIFEST("the path of the application manifest, a JSON file with requiredResourceAccess", "required"),
    CLOUD("the name of the Microsoft cloud: global, us-government, us-dod or china", "default: global"),
    STATE_DIR(
            "a directory for the journal, the last run, exclusions and the newest refresh token, private to its owner",
            "default: ~/.cpv"),
    CONSENT_WAIT("the number of seconds to wait for a new consent to take effect, 0 to 3600", "default: 180"),
    LOGIN_URL("the base URL for token requests, https or http to loopback", "for tests; default: the cloud's"),
    PARTNER_CENTER_URL("the base URL of Partner Center, https or http to loopback", "for tests; default: the cloud's"),
    GRAPH_URL(
            "the base URL of Microsoft Graph without a version, https or http to loopback",
            "for tests; default: the cloud's");

    private final String meaning;
    private final String fallback;

    Setting(String meaning, String fallback) {
        this.meaning = meaning;
        this.fallback = fallback;
    }

    String variable() {
        return "CPV_" + name();
    }

    /** An empty variable counts as missing. Surrounding white space is removed, except from the password. */
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

    /** Does not repeat the value, which may be a secret in the wrong variable. */
    String isWrong(String how) {
        return variable() + " " + how + ": give " + meaning + ".";
    }

    /** The part of {@code --help} about settings. */
    static List<String> help() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Settings are environment variables. An empty variable counts as missing.");
        for (Setting setting : values()) {
            lines.add("  " + setting.variable() + " (" + setting.fallback + ")");
            lines.add("      " + setting.meaning);
        }
        return lines;
    }
}
