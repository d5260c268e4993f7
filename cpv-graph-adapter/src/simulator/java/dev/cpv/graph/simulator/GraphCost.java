package dev.cpv.graph.simulator;

import java.util.Map;

/**
 * The cost of a request, see https://learn.microsoft.com/graph/throttling-limits.
 *
 * @param units resource units
 * @param writes 1 for a write
 */
record GraphCost(int units, int writes) {
    private static final int SMALL_PAGE = 20;
    private static final Map<String, Integer> READS = Map.of(
            "oauth2permissiongrants", 2,
            "applications", 2,
            "users", 2,
            "contracts", 3,
            "subscribedskus", 3);
    private static final Map<String, Integer> NAVIGATIONS = Map.of(
            "approleassignments", 2,
            "approleassignedto", 2,
            "oauth2permissiongrants", 2,
            "memberof", 2,
            "transitivememberof", 2,
            "members", 3,
            "transitivemembers", 5);

    static GraphCost of(GraphRequest request) {
        return request.read() ? new GraphCost(read(request), 0) : new GraphCost(1, 1);
    }

    private static int read(GraphRequest request) {
        int units = READS.getOrDefault(request.name(0), 1);
        for (int i = 1; i < request.size(); i++) {
            units = Math.max(units, NAVIGATIONS.getOrDefault(request.name(i), 1));
        }
        units -= request.option("$select").isPresent() ? 1 : 0;
        units += request.option("$expand").isPresent() ? 1 : 0;
        units -= request.option("$top").filter(GraphCost::small).isPresent() ? 1 : 0;
        return Math.max(1, units);
    }

    private static boolean small(String top) {
        return top.matches("\\d{1,3}") && Integer.parseInt(top) < SMALL_PAGE;
    }
}
