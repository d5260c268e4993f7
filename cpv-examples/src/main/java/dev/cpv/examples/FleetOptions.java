package dev.cpv.examples;

import dev.cpv.fleet.FleetRefresh;
import picocli.CommandLine.Option;

/** The options for one run over all tenants: they permit what would stop the run, after a person has checked it (R31, R35). */
final class FleetOptions {
    @Option(
            names = "--allow-shrinking",
            description =
                    "Accept a tenant list from which many tenants are missing. Without this option, such a list stops"
                            + " the run with CATALOG_SHRANK.")
    private boolean allowShrinking;

    @Option(
            names = "--allow-mass-change",
            description =
                    "Continue even if many tenants that were in sync need a consent or would lose a permission, or if"
                            + " all of the first tenants fail for the same reason. Without this option, the run stops with"
                            + " RUN_CHANGES_TOO_MUCH.")
    private boolean allowMassChange;

    /** Rejects the options where there is no single run over all tenants to which they apply. */
    void checkOnlyWith(String option, boolean isGiven) {
        if (!isGiven && (allowShrinking || allowMassChange)) {
            throw new ConfigurationException((allowShrinking ? "--allow-shrinking" : "--allow-mass-change")
                    + " applies to one run over all tenants: add " + option + ".");
        }
    }

    FleetRefresh.Builder applyTo(FleetRefresh.Builder builder) {
        FleetRefresh.Builder result = allowShrinking ? builder.allowShrinking() : builder;
        return allowMassChange ? result.allowMassChange() : result;
    }
}
