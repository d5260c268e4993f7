package dev.cpv.graph.simulator;

/** How the token endpoint reports that the app was never consented in a tenant. New constants may be added. */
public enum MissingConsent {
    /** AADSTS65001: not consented. */
    AADSTS65001(65001),
    /** AADSTS90099: not authorised in the external tenant. */
    AADSTS90099(90099),
    /** AADSTS700016: application not found in the directory. */
    AADSTS700016(700016);

    private final int code;

    MissingConsent(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
