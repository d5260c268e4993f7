package dev.cpv.graph.simulator;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The partner's security groups, nested or not, to which GDAP maps roles. Thread-safe. */
public final class PartnerGroups {
    /**
     * A group.
     *
     * @param id its object id in the partner tenant
     * @param displayName its name
     * @param members object ids of users and of other groups
     */
    public record Group(String id, String displayName, Set<String> members) {

        /**
         * Copies the members.
         *
         * @param id its object id
         * @param displayName its name
         * @param members object ids
         */
        public Group {
            members = Set.copyOf(members);
        }
    }

    private final ConcurrentMap<String, Group> groups = new ConcurrentHashMap<>();

    PartnerGroups() {}

    /**
     * Adds a group or replaces it.
     *
     * @param id its object id, a GUID
     * @param displayName its name
     * @param members object ids of users and of other groups
     */
    public void put(String id, String displayName, Set<String> members) {
        groups.put(id.toLowerCase(Locale.ROOT), new Group(id.toLowerCase(Locale.ROOT), displayName, members));
    }

    /**
     * Removes a group; roles that were mapped to it have no effect any more.
     *
     * @param id its object id
     */
    public void remove(String id) {
        groups.remove(id.toLowerCase(Locale.ROOT));
    }

    /**
     * All groups.
     *
     * @return a copy by object id
     */
    public Map<String, Group> all() {
        return Map.copyOf(groups);
    }

    /** Whether a user or group is in a group, directly or through groups inside it. */
    boolean contains(String groupId, String memberId) {
        return contains(groupId, memberId, new HashSet<>());
    }

    private boolean contains(String groupId, String memberId, Set<String> visited) {
        Group group = groups.get(groupId);
        if (group == null || !visited.add(groupId)) {
            return false;
        }
        return group.members().contains(memberId)
                || group.members().stream().anyMatch(member -> contains(member, memberId, visited));
    }
}
