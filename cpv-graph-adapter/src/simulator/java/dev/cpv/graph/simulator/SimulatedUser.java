package dev.cpv.graph.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A user whose sign-in a refresh token represents: the partner's service account, or an administrator of a customer who
 * signed in to the app directly. Thread-safe; every setter takes effect at once.
 */
public final class SimulatedUser {
    private final String id;
    private final String userPrincipalName;
    private final String homeTenantId;
    private final Set<String> guestIn = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile Set<String> homeRoles = Set.of(DirectoryRoles.GLOBAL_ADMINISTRATOR);
    private volatile boolean enabled = true;
    private volatile boolean adminAgent = true;
    private volatile @Nullable Duration signInFrequency;

    SimulatedUser(String id, String userPrincipalName, String homeTenantId) {
        this.id = id;
        this.userPrincipalName = userPrincipalName;
        this.homeTenantId = homeTenantId;
    }

    /**
     * The object id in the home tenant.
     *
     * @return a GUID
     */
    public String id() {
        return id;
    }

    /**
     * The sign-in name.
     *
     * @return the user principal name
     */
    public String userPrincipalName() {
        return userPrincipalName;
    }

    /**
     * The tenant that the user belongs to.
     *
     * @return its GUID
     */
    public String homeTenantId() {
        return homeTenantId;
    }

    /**
     * Enables or disables the account. A disabled one is refused with AADSTS50057.
     *
     * @param value whether it is enabled
     * @return this
     */
    public SimulatedUser enabled(boolean value) {
        enabled = value;
        return this;
    }

    /**
     * Adds the user to the group AdminAgents or removes it. Partner Center answers 403 to a user outside the group.
     *
     * @param value whether it is a member
     * @return this
     */
    public SimulatedUser adminAgent(boolean value) {
        adminAgent = value;
        return this;
    }

    /**
     * Revokes all sessions: every refresh token minted until now is refused with AADSTS50173.
     *
     * @return this
     */
    public SimulatedUser revokeSessions() {
        sessions.incrementAndGet();
        return this;
    }

    /**
     * Ends refresh tokens some time after the sign-in, as a Conditional Access policy does: AADSTS70043.
     *
     * @param frequency how long a sign-in lasts, or null for no limit
     * @return this
     */
    public SimulatedUser signInFrequency(@Nullable Duration frequency) {
        signInFrequency = frequency;
        return this;
    }

    /**
     * Makes the user a guest of a customer. A guest is not recognised through GDAP and is refused with AADSTS50020.
     *
     * @param tenantId the customer's GUID
     * @param guest whether there is a guest object
     * @return this
     */
    public SimulatedUser guestIn(String tenantId, boolean guest) {
        String key = tenantId.toLowerCase(Locale.ROOT);
        if (guest) {
            guestIn.add(key);
        } else {
            guestIn.remove(key);
        }
        return this;
    }

    /**
     * Sets the directory roles that the user holds in its own tenant.
     *
     * @param roleTemplateIds the roles; Global Administrator at first
     * @return this
     */
    public SimulatedUser homeRoles(Set<String> roleTemplateIds) {
        homeRoles = Set.copyOf(roleTemplateIds);
        return this;
    }

    boolean enabled() {
        return enabled;
    }

    boolean adminAgent() {
        return adminAgent;
    }

    boolean guestIn(String tenantId) {
        return guestIn.contains(tenantId);
    }

    Set<String> homeRoles() {
        return homeRoles;
    }

    /**
     * The number of the user's current sessions. A refresh token with a lower number is revoked, regardless of time.
     */
    int sessions() {
        return sessions.get();
    }

    @Nullable
    Duration signInFrequency() {
        return signInFrequency;
    }

    @Override
    public String toString() {
        return "SimulatedUser[" + userPrincipalName + "]";
    }
}
