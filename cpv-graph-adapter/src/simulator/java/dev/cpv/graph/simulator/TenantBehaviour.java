package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How one tenant behaves: every switch that differs between tenants or that Microsoft does not promise. Thread-safe;
 * every setter takes effect with the next request. By default a tenant has no fault: consistent at once, never
 * throttled for lag.
 */
public final class TenantBehaviour {
    private static final Duration DEFAULT_LAG_MIN = Duration.ofSeconds(5);
    private static final Duration DEFAULT_LAG_MAX = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TAIL = Duration.ofMinutes(4);
    private static final double DEFAULT_TAIL_SHARE = 0.02;

    /** How long new objects stay invisible: between min and max; for a small share, up to the tail. */
    private record Lag(Duration min, Duration max, Duration tail, double tailShare) {
        static final Lag NONE = new Lag(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

        Instant after(Instant now, Random random) {
            double dice = random.nextDouble();
            Duration upper = random.nextDouble() < tailShare ? tail : max;
            long span = upper.toMillis() - min.toMillis();
            return now.plus(min).plusMillis((long) (dice * span));
        }
    }

    /** A refusal of every token: the code, and its error and status. */
    record TokenRefusal(
            int code, @Nullable String error, @Nullable Integer status) {}

    private final ConcurrentMap<ReadKind, Lag> lags = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Unavailability> unavailable = new ConcurrentHashMap<>();
    private final Set<String> suspended = ConcurrentHashMap.newKeySet();
    private final Set<String> withdrawnRoles = ConcurrentHashMap.newKeySet();
    private final Set<String> disabledRoles = ConcurrentHashMap.newKeySet();
    private volatile @Nullable TokenRefusal tokenRefusal;
    private volatile boolean deleted = false;
    private volatile boolean deprovisioned = false;
    private volatile Duration relationshipPropagation = Duration.ZERO;
    private volatile MissingConsent missingConsent = MissingConsent.AADSTS65001;
    private volatile boolean refuseAppOnlyWithoutPrincipal = true;
    private volatile boolean rotateRefreshTokens = true;
    private volatile boolean requireMfa = false;
    private volatile boolean descriptionLineBreaks = false;
    private volatile int loopLimit = 100;
    private volatile Duration consentTokenDelay = Duration.ZERO;
    private volatile Duration consentGraphDelay = Duration.ZERO;
    private volatile boolean knownToPartner = true;
    private volatile boolean listedByPartnerCenter = true;
    private volatile boolean forwardDirectoryErrors = false;
    private volatile boolean consentWithoutEffect = false;
    private volatile boolean consentNeedsResource = true;
    private volatile boolean consentRemovalWithoutEffect = false;
    private volatile boolean deletePrincipalWithConsent = false;
    private volatile ErrorBody partnerCenterErrorBody = ErrorBody.JSON;
    private volatile int consentsPerSecond = 0;
    private volatile Duration flapping = Duration.ZERO;
    private volatile int duplicateGrantStatus = 409;
    private final AtomicInteger grantAppliedBut404 = new AtomicInteger();
    private volatile boolean shuffleBatches = true;
    private volatile boolean throttling = true;
    private volatile int pageSize = 0;
    private volatile boolean softDeletedBlocksCreation = false;
    private volatile boolean deletionWithoutEffect = false;
    private volatile Duration deletionDelay = Duration.ZERO;
    private volatile boolean entitlementGrantWording = false;
    private volatile int missingReferenceStatus = 404;
    private volatile GraphErrorBody graphErrorBody = GraphErrorBody.STANDARD;
    private volatile boolean unreadable = false;
    private volatile boolean claimsChallenge = false;
    private volatile String requiredClaims = "";
    private volatile boolean userTokensOutliveApp = true;
    private volatile int identityNotFoundStatus = 401;
    private volatile int throttledShare = 0;
    private volatile int resourceUnits = 0;
    private volatile int writes = 0;

    TenantBehaviour() {}

    /**
     * Deletes the tenant: the token endpoint answers AADSTS90002, Partner Center 404 with code 60003.
     *
     * @param value whether it is deleted
     * @return this
     */
    public TenantBehaviour deleted(boolean value) {
        deleted = value;
        return this;
    }

    /**
     * Takes the tenant out of service: the token endpoint answers AADSTS5000224.
     *
     * @param value whether it is out of service
     * @return this
     */
    public TenantBehaviour deprovisioned(boolean value) {
        deprovisioned = value;
        return this;
    }

    /**
     * Sets how long after its activation a relationship has no effect: until then the token endpoint answers
     * AADSTS50020.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour relationshipPropagation(Duration value) {
        relationshipPropagation = value;
        return this;
    }

    /**
     * Sets how the token endpoint refuses an app that has no service principal here.
     *
     * @param value the code, AADSTS65001 by default
     * @return this
     */
    public TenantBehaviour missingConsent(MissingConsent value) {
        missingConsent = value;
        return this;
    }

    /**
     * Refuses an app-only token without a service principal (AADSTS7000229), or issues one without {@code oid}, as
     * Entra did in the past.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour refuseAppOnlyWithoutPrincipal(boolean value) {
        refuseAppOnlyWithoutPrincipal = value;
        return this;
    }

    /**
     * Returns a new refresh token with each redemption, or none.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour rotateRefreshTokens(boolean value) {
        rotateRefreshTokens = value;
        return this;
    }

    /**
     * Requires multi-factor authentication: a refresh token from a sign-in without it is refused with AADSTS50076 and a
     * claims challenge.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour requireMfa(boolean value) {
        requireMfa = value;
        return this;
    }

    /**
     * Separates the parts of an error description by line breaks, as older messages do, instead of spaces.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour descriptionLineBreaks(boolean value) {
        descriptionLineBreaks = value;
        return this;
    }

    /**
     * Sets the number of identical token requests within a minute after which AADSTS50196 is returned.
     *
     * @param value the number, 0 for no limit
     * @return this
     */
    public TenantBehaviour loopLimit(int value) {
        loopLimit = value;
        return this;
    }

    /**
     * Sets how long after they were written the token endpoint does not yet see service principals, grants and roles.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour consentTokenDelay(Duration value) {
        consentTokenDelay = value;
        return this;
    }

    /**
     * Sets how long Microsoft Graph does not yet see what Partner Center consented; the token endpoint sees it at once.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour consentGraphDelay(Duration value) {
        consentGraphDelay = value;
        return this;
    }

    /**
     * Sets whether Partner Center knows the tenant as a customer; if not, it answers 404.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour knownToPartner(boolean value) {
        knownToPartner = value;
        return this;
    }

    /**
     * Sets whether the tenant is listed among the reseller customers; a customer that only has GDAP is not listed.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour listedByPartnerCenter(boolean value) {
        listedByPartnerCenter = value;
        return this;
    }

    /**
     * Makes Partner Center answer a missing GDAP role with 400 and the forwarded {@code Insufficient privileges}
     * instead of 403.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour forwardDirectoryErrors(boolean value) {
        forwardDirectoryErrors = value;
        return this;
    }

    /**
     * Makes Partner Center accept a consent without any effect.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour consentWithoutEffect(boolean value) {
        consentWithoutEffect = value;
        return this;
    }

    /**
     * Makes a consent fail if the service principal of the resource is missing; otherwise the consent creates the
     * principal.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour consentNeedsResource(boolean value) {
        consentNeedsResource = value;
        return this;
    }

    /**
     * Makes Partner Center accept the removal of a consent without any effect.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour consentRemovalWithoutEffect(boolean value) {
        consentRemovalWithoutEffect = value;
        return this;
    }

    /**
     * Makes the removal of a consent delete the service principal too; otherwise only the grants are removed.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour deletePrincipalWithConsent(boolean value) {
        deletePrincipalWithConsent = value;
        return this;
    }

    /**
     * Sets the shape of the error bodies of Partner Center.
     *
     * @param value JSON by default
     * @return this
     */
    public TenantBehaviour partnerCenterErrorBody(ErrorBody value) {
        partnerCenterErrorBody = value;
        return this;
    }

    /**
     * Limits the requests of one app to Partner Center about this tenant.
     *
     * @param value the number per second, 0 for no limit
     * @return this
     */
    public TenantBehaviour consentsPerSecond(int value) {
        consentsPerSecond = value;
        return this;
    }

    /**
     * Makes every second read miss objects younger than this: two replicas, one of them behind.
     *
     * @param value how long a replica is behind, zero by default
     * @return this
     */
    public TenantBehaviour flapping(Duration value) {
        flapping = value;
        return this;
    }

    /**
     * Sets the status of the answer to a grant that exists already: 409 {@code Request_MultipleObjectsWithSameKeyValue}
     * or 400 {@code Request_BadRequest}.
     *
     * @param value 409 by default
     * @return this
     */
    public TenantBehaviour duplicateGrantStatus(int value) {
        duplicateGrantStatus = value;
        return this;
    }

    /**
     * Sets how many of the next grants are written but answered with 404 {@code Directory_ObjectNotFound}.
     *
     * @param value the number of grants
     * @return this
     */
    public TenantBehaviour grantAppliedBut404(int value) {
        grantAppliedBut404.set(value);
        return this;
    }

    /**
     * Answers the parts of a batch in any order.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour shuffleBatches(boolean value) {
        shuffleBatches = value;
        return this;
    }

    /**
     * Applies the quotas of Microsoft Graph.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour throttling(boolean value) {
        throttling = value;
        return this;
    }

    /**
     * Limits the page size of Microsoft Graph's collections, even if {@code $top} asks for more.
     *
     * @param value the number of objects, 0 for what the request asks for
     * @return this
     */
    public TenantBehaviour pageSize(int value) {
        pageSize = value;
        return this;
    }

    /**
     * Makes a softly deleted service principal keep its name: another one of its application is refused with 409.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour softDeletedBlocksCreation(boolean value) {
        softDeletedBlocksCreation = value;
        return this;
    }

    /**
     * Answers the deletion of a service principal with success but keeps it.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour deletionWithoutEffect(boolean value) {
        deletionWithoutEffect = value;
        return this;
    }

    /**
     * Sets how long a service principal is still shown after its deletion. With {@link #flapping}, every second request
     * also shows it for as long as a replica is behind.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour deletionDelay(Duration value) {
        deletionDelay = value;
        return this;
    }

    /**
     * Answers {@code EntitlementGrant entry already exists} for an app role that is already assigned, instead of the
     * usual message.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour entitlementGrantWording(boolean value) {
        entitlementGrantWording = value;
        return this;
    }

    /**
     * Sets the status of the answer to a grant whose client or resource is missing or not replicated yet: 404 or 400.
     *
     * @param value 404 by default
     * @return this
     */
    public TenantBehaviour missingReferenceStatus(int value) {
        missingReferenceStatus = value;
        return this;
    }

    /**
     * Sets the shape of the error bodies of Microsoft Graph.
     *
     * @param value the shape observed in practice by default
     * @return this
     */
    public TenantBehaviour graphErrorBody(GraphErrorBody value) {
        graphErrorBody = value;
        return this;
    }

    /**
     * Makes Microsoft Graph answer every request with 404 {@code Directory_ObjectNotFound}, as for a tenant that is
     * being created or deleted.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour unreadable(boolean value) {
        unreadable = value;
        return this;
    }

    /**
     * Makes Microsoft Graph refuse every token with 401 and a claims challenge.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour claimsChallenge(boolean value) {
        claimsChallenge = value;
        return this;
    }

    /**
     * Makes Microsoft Graph, and in the partner tenant Partner Center, challenge every token that does not carry these
     * claims: 401 {@code insufficient_claims}. The token endpoint issues the claims that a client requests.
     *
     * @param value the claims as JSON, empty by default for none
     * @return this
     */
    public TenantBehaviour requiredClaims(String value) {
        requiredClaims = value;
        return this;
    }

    /**
     * Sets whether a user's token is still accepted after the app's service principal is deleted. If not, the answer is
     * {@code Authorization_IdentityNotFound}, as it always is for app-only tokens.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour userTokensOutliveApp(boolean value) {
        userTokensOutliveApp = value;
        return this;
    }

    /**
     * Sets the status of {@code Authorization_IdentityNotFound}: 401 or 403.
     *
     * @param value 401 by default
     * @return this
     */
    public TenantBehaviour identityNotFoundStatus(int value) {
        identityNotFoundStatus = value;
        return this;
    }

    /**
     * Makes Microsoft Graph answer a share of the requests, including parts of batches, with 429 below all limits.
     *
     * @param value the share in percent, 0 by default
     * @return this
     */
    public TenantBehaviour throttledShare(int value) {
        throttledShare = value;
        return this;
    }

    /**
     * Replaces the resource units that one app may use in 10 seconds.
     *
     * @param value the number, 0 for the quota that depends on the number of users
     * @return this
     */
    public TenantBehaviour resourceUnits(int value) {
        resourceUnits = value;
        return this;
    }

    /**
     * Replaces the number of writes that one app may send in 150 seconds.
     *
     * @param value the number, 0 for 3,000
     * @return this
     */
    public TenantBehaviour writes(int value) {
        writes = value;
        return this;
    }

    /**
     * Refuses every token with one AADSTS code, as for a Conditional Access policy or a broken account.
     *
     * @param aadstsCode the number; its error and status are taken from Microsoft's table, or are {@code invalid_grant}
     *     and 400
     * @return this
     */
    public TenantBehaviour refuseTokens(int aadstsCode) {
        tokenRefusal = new TokenRefusal(aadstsCode, null, null);
        return this;
    }

    /**
     * Refuses every token with a given code, error and status.
     *
     * @param aadstsCode the number
     * @param error the OAuth error
     * @param status the HTTP status
     * @return this
     */
    public TenantBehaviour refuseTokens(int aadstsCode, String error, int status) {
        tokenRefusal = new TokenRefusal(aadstsCode, error, status);
        return this;
    }

    /**
     * Ends the refusal that {@link #refuseTokens(int)} started.
     *
     * @return this
     */
    public TenantBehaviour issueTokens() {
        tokenRefusal = null;
        return this;
    }

    /**
     * Makes new objects invisible to all reads for 5 to 30 seconds, a few for up to four minutes.
     *
     * @return this
     */
    public TenantBehaviour replicationLag() {
        Lag lag = new Lag(DEFAULT_LAG_MIN, DEFAULT_LAG_MAX, DEFAULT_TAIL, DEFAULT_TAIL_SHARE);
        for (ReadKind kind : ReadKind.values()) {
            lags.put(kind, lag);
        }
        return this;
    }

    /**
     * Makes new objects invisible to one kind of read for a time between two bounds.
     *
     * @param kind the kind of read
     * @param min the shortest time
     * @param max the longest time
     * @return this
     */
    public TenantBehaviour replicationLag(ReadKind kind, Duration min, Duration max) {
        lags.put(kind, new Lag(min, max, max, 0));
        return this;
    }

    /**
     * Makes an API unavailable to the tenant: its service principal cannot be created. Use
     * {@link SimulatedTenant#withoutResource} to remove an existing one as well.
     *
     * @param resourceAppId the API
     * @param how how Graph refuses its creation
     * @return this
     */
    public TenantBehaviour unavailable(String resourceAppId, Unavailability how) {
        unavailable.put(resourceAppId.toLowerCase(Locale.ROOT), how);
        return this;
    }

    /**
     * Makes an API available again after {@link #unavailable}.
     *
     * @param resourceAppId the API
     * @return this
     */
    public TenantBehaviour available(String resourceAppId) {
        unavailable.remove(resourceAppId.toLowerCase(Locale.ROOT));
        return this;
    }

    /**
     * Suspends an API because its subscription lapsed: tokens for it are refused with AADSTS500014.
     *
     * @param resourceAppId the API
     * @param value whether it is suspended
     * @return this
     */
    public TenantBehaviour suspended(String resourceAppId, boolean value) {
        return toggle(suspended, resourceAppId.toLowerCase(Locale.ROOT), value);
    }

    /**
     * Removes an app role from the definition of a resource in this tenant.
     *
     * @param resourceAppId the resource
     * @param roleId the role
     * @return this
     */
    public TenantBehaviour withdrawAppRole(String resourceAppId, String roleId) {
        return toggle(withdrawnRoles, key(resourceAppId, roleId), true);
    }

    /**
     * Disables an app role: it is still published but cannot be assigned.
     *
     * @param resourceAppId the resource
     * @param roleId the role
     * @return this
     */
    public TenantBehaviour disableAppRole(String resourceAppId, String roleId) {
        return toggle(disabledRoles, key(resourceAppId, roleId), true);
    }

    private TenantBehaviour toggle(Set<String> set, String key, boolean value) {
        if (value) {
            set.add(key);
        } else {
            set.remove(key);
        }
        return this;
    }

    private static String key(String resourceAppId, String roleId) {
        return (resourceAppId + "/" + roleId).toLowerCase(Locale.ROOT);
    }

    Optional<TokenRefusal> tokenRefusal() {
        return Optional.ofNullable(tokenRefusal);
    }

    Optional<Unavailability> unavailability(String resourceAppId) {
        return Optional.ofNullable(unavailable.get(resourceAppId.toLowerCase(Locale.ROOT)));
    }

    boolean suspended(String resourceAppId) {
        return suspended.contains(resourceAppId.toLowerCase(Locale.ROOT));
    }

    boolean offersAllAppRoles() {
        return withdrawnRoles.isEmpty();
    }

    boolean appRoleWithdrawn(String resourceAppId, String roleId) {
        return withdrawnRoles.contains(key(resourceAppId, roleId));
    }

    boolean appRoleDisabled(String resourceAppId, String roleId) {
        return disabledRoles.contains(key(resourceAppId, roleId));
    }

    /** Takes one of the grants that are written but answered with 404; false if none is left. */
    boolean takeGrantAppliedBut404() {
        return grantAppliedBut404.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** Determines when an object created now becomes visible, with separate random numbers for each kind of read. */
    Visibility newVisibility(Instant now, Random random) {
        Map<ReadKind, Instant> seen = new EnumMap<>(ReadKind.class);
        for (ReadKind kind : ReadKind.values()) {
            seen.put(kind, lags.getOrDefault(kind, Lag.NONE).after(now, random));
        }
        return new Visibility(
                seen.getOrDefault(ReadKind.LIST, now),
                seen.getOrDefault(ReadKind.BY_ID, now),
                seen.getOrDefault(ReadKind.BY_ALTERNATE_KEY, now),
                seen.getOrDefault(ReadKind.REFERENCE, now));
    }

    boolean deleted() {
        return deleted;
    }

    boolean deprovisioned() {
        return deprovisioned;
    }

    Duration relationshipPropagation() {
        return relationshipPropagation;
    }

    MissingConsent missingConsent() {
        return missingConsent;
    }

    boolean refuseAppOnlyWithoutPrincipal() {
        return refuseAppOnlyWithoutPrincipal;
    }

    boolean rotateRefreshTokens() {
        return rotateRefreshTokens;
    }

    boolean requireMfa() {
        return requireMfa;
    }

    boolean descriptionLineBreaks() {
        return descriptionLineBreaks;
    }

    int loopLimit() {
        return loopLimit;
    }

    Duration consentTokenDelay() {
        return consentTokenDelay;
    }

    Duration consentGraphDelay() {
        return consentGraphDelay;
    }

    boolean knownToPartner() {
        return knownToPartner;
    }

    boolean listedByPartnerCenter() {
        return listedByPartnerCenter;
    }

    boolean forwardDirectoryErrors() {
        return forwardDirectoryErrors;
    }

    boolean consentWithoutEffect() {
        return consentWithoutEffect;
    }

    boolean consentNeedsResource() {
        return consentNeedsResource;
    }

    boolean consentRemovalWithoutEffect() {
        return consentRemovalWithoutEffect;
    }

    boolean deletePrincipalWithConsent() {
        return deletePrincipalWithConsent;
    }

    ErrorBody partnerCenterErrorBody() {
        return partnerCenterErrorBody;
    }

    int consentsPerSecond() {
        return consentsPerSecond;
    }

    Duration flapping() {
        return flapping;
    }

    int duplicateGrantStatus() {
        return duplicateGrantStatus;
    }

    boolean shuffleBatches() {
        return shuffleBatches;
    }

    boolean throttling() {
        return throttling;
    }

    int pageSize() {
        return pageSize;
    }

    boolean deletionWithoutEffect() {
        return deletionWithoutEffect;
    }

    Duration deletionDelay() {
        return deletionDelay;
    }

    boolean softDeletedBlocksCreation() {
        return softDeletedBlocksCreation;
    }

    boolean entitlementGrantWording() {
        return entitlementGrantWording;
    }

    int missingReferenceStatus() {
        return missingReferenceStatus;
    }

    GraphErrorBody graphErrorBody() {
        return graphErrorBody;
    }

    boolean unreadable() {
        return unreadable;
    }

    boolean claimsChallenge() {
        return claimsChallenge;
    }

    String requiredClaims() {
        return requiredClaims;
    }

    boolean userTokensOutliveApp() {
        return userTokensOutliveApp;
    }

    int identityNotFoundStatus() {
        return identityNotFoundStatus;
    }

    int throttledShare() {
        return throttledShare;
    }

    int resourceUnits() {
        return resourceUnits;
    }

    int writes() {
        return writes;
    }
}
