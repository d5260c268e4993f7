package dev.cpv.examples;

import dev.cpv.fleet.FleetRefresh;
import picocli.CommandLine.Option;

/** The options of a run over all tenants: what stops a run otherwise, and a person looked at (R31, R35). */
final class FleetOptions {
    @Option(
            names = "--allow-shrinking",
            description = "Take the list of tenants though many are gone from it. The run stops otherwise, with"
                    + " CATALOG_SHRANK.")
    private boolean allowShrinking;

    @Option(
            names = "--allow-mass-change",
            description = "Go on though many tenants that were in sync need a consent or would lose a permission, or"
                    + " the first ones all fail alike. The run stops otherwise, with RUN_CHANGES_TOO_MUCH.")
    private boolean allowMassChange;

    /** Refuses what is allowed for a run that does not come, or for every run to come. */
    void checkOnlyWith(String option, boolean isGiven) {
        if (!isGiven && (allowShrinking || allowMassChange)) {
            throw new ConfigurationException((allowShrinking ? "--allow-shrinking" : "--allow-mass-change")
                    + " is for one run over all tenants: give " + option + " as well.");
        }
    }

    FleetRefresh.Builder applyTo(FleetRefresh.Builder builder) {
        FleetRefresh.Builder result = allowShrinking ? builder.allowShrinking() : builder;
        return allowMassChange ? result.allowMassChange() : result;
    }
}
