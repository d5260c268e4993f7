package dev.cpv.graph.simulator;

import java.util.Set;
import java.util.regex.Pattern;

/** The tenant in a login path: a GUID or a verified domain. */
final class TenantNames {
    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");
    private static final Set<String> NOBODY = Set.of("common", "organizations", "consumers");

    private TenantNames() {}

    static SimulatedTenant resolve(World world, String name) {
        if (NOBODY.contains(name)) {
            throw new EntraRefusal(50059);
        }
        if (!GUID.matcher(name).matches() && !DOMAIN.matcher(name).matches()) {
            throw new EntraRefusal(EntraError.of(900023)
                    .saying("Specified tenant identifier '" + name + "' is neither a valid DNS name, nor a valid"
                            + " external domain."));
        }
        SimulatedTenant tenant = world.tenant(name)
                .filter(found -> !found.behaviour().deleted())
                .orElseThrow(() -> new EntraRefusal(EntraError.of(90002)
                        .saying("Tenant '" + name + "' not found. Check to make sure you have the correct tenant ID and"
                                + " are signing into the correct cloud. Check with your subscription administrator,"
                                + " this may happen if there are no active subscriptions for the tenant.")));
        if (tenant.behaviour().deprovisioned()) {
            throw new EntraRefusal(5000224);
        }
        return tenant;
    }
}
