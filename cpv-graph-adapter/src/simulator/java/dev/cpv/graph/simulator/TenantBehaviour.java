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
 * How one tenant behaves: every switch that differs between tenants or that Microsoft does not promise. Thread-safe; every
 * setter takes effect with the next request. At first a tenant is well: consistent at once, never throttled for lag.
 *
 * <p>"Checklist" names the line of the simulator's checklist that a switch serves.
 */
public final class TenantBehaviour {
    private static final Duration DEFAULT_LAG_MIN = Duration.ofSeconds(5);
    private static final Duration DEFAULT_LAG_MAX = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TAIL = Duration.ofMinutes(4);
    private static final double DEFAULT_TAIL_SHARE = 0.02;

    /** How long objects stay unseen: between the bounds, and for a small share up to the tail. */
    private record Lag(Duration min, Duration max, Duration tail, double tailShare) {
        static final Lag NONE = new Lag(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

        Instant after(Instant now, Random random) {
            double dice = random.nextDouble();
            Duration upper = random.nextDouble() < tailShare ? tail : max;
            long span = upper.toMillis() - min.toMillis();
            return now.plus(min).plusMillis((long) (dice * span));
        }
    }

    /** A refusal of every token: the code, and what is known about its error. */
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
     * Deletes the tenant: the token endpoint answers AADSTS90002, Partner Center 404 with code 60003. Checklist 10.1-1.
     *
     * @param value whether it is gone
     * @return this
     */
    public TenantBehaviour deleted(boolean value) {
        deleted = value;
        return this;
    }

    /**
     * Takes the tenant out of service: the token endpoint answers AADSTS5000224. Checklist 10.1-1.
     *
     * @param value whether it is
     * @return this
     */
    public TenantBehaviour deprovisioned(boolean value) {
        deprovisioned = value;
        return this;
    }

    /**
     * Lets a relationship work only some time after it became active: until then AADSTS50020. Checklist 10.5-5.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour relationshipPropagation(Duration value) {
        relationshipPropagation = value;
        return this;
    }

    /**
     * Chooses how the token endpoint refuses an app that has no service principal here. Checklist 10.2-3.
     *
     * @param value the code, AADSTS65001 by default
     * @return this
     */
    public TenantBehaviour missingConsent(MissingConsent value) {
        missingConsent = value;
        return this;
    }

    /**
     * Refuses an app-only token without a service principal (AADSTS7000229), or issues one without {@code oid} as Entra did once. Checklist 10.2-6.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour refuseAppOnlyWithoutPrincipal(boolean value) {
        refuseAppOnlyWithoutPrincipal = value;
        return this;
    }

    /**
     * Returns a new refresh token with each redemption, or none. Checklist 10.2-5.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour rotateRefreshTokens(boolean value) {
        rotateRefreshTokens = value;
        return this;
    }

    /**
     * Asks for multi-factor authentication: a refresh token minted without it is refused with AADSTS50076 and a claims challenge. Checklist 10.2-3.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour requireMfa(boolean value) {
        requireMfa = value;
        return this;
    }

    /**
     * Separates the parts of an error description by line breaks, as older messages do, instead of blanks. Checklist 10.2-8.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour descriptionLineBreaks(boolean value) {
        descriptionLineBreaks = value;
        return this;
    }

    /**
     * Refuses with AADSTS50196 after so many identical token requests within a minute. Checklist 10.2-9.
     *
     * @param value the number, 0 for no limit
     * @return this
     */
    public TenantBehaviour loopLimit(int value) {
        loopLimit = value;
        return this;
    }

    /**
     * Lets the token endpoint learn of service principals, grants and roles only some time after they were written. Checklist 10.5-2.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour consentTokenDelay(Duration value) {
        consentTokenDelay = value;
        return this;
    }

    /**
     * Lets Microsoft Graph see what Partner Center consented only after some time; the token endpoint knows at once. Checklist 10.5-2.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour consentGraphDelay(Duration value) {
        consentGraphDelay = value;
        return this;
    }

    /**
     * Makes the tenant a customer that Partner Center knows; if not, it answers 404. Checklist 10.3-3.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour knownToPartner(boolean value) {
        knownToPartner = value;
        return this;
    }

    /**
     * Lists the tenant among the reseller customers; a customer with GDAP alone is not listed. Checklist 10.3-11.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour listedByPartnerCenter(boolean value) {
        listedByPartnerCenter = value;
        return this;
    }

    /**
     * Lets Partner Center answer a missing GDAP role with 400 and the forwarded {@code Insufficient privileges} instead of 403. Checklist 10.3-3.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour forwardDirectoryErrors(boolean value) {
        forwardDirectoryErrors = value;
        return this;
    }

    /**
     * Lets Partner Center accept a consent and do nothing. Checklist 10.3-6.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour consentWithoutEffect(boolean value) {
        consentWithoutEffect = value;
        return this;
    }

    /**
     * Lets a consent fail where the service principal of the resource is missing; otherwise it creates the principal. Checklist 10.3-6.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour consentNeedsResource(boolean value) {
        consentNeedsResource = value;
        return this;
    }

    /**
     * Lets Partner Center accept the removal of a consent and do nothing. Checklist 10.3-7.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour consentRemovalWithoutEffect(boolean value) {
        consentRemovalWithoutEffect = value;
        return this;
    }

    /**
     * Lets the removal of consent delete the service principal too; otherwise the grants go and it stays. Checklist 10.3-7.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour deletePrincipalWithConsent(boolean value) {
        deletePrincipalWithConsent = value;
        return this;
    }

    /**
     * Chooses the shape of the error bodies of Partner Center. Checklist 10.3-12.
     *
     * @param value JSON by default
     * @return this
     */
    public TenantBehaviour partnerCenterErrorBody(ErrorBody value) {
        partnerCenterErrorBody = value;
        return this;
    }

    /**
     * Limits the requests of one app to Partner Center about this tenant. Checklist 10.3-10.
     *
     * @param value the number per second, 0 for no limit
     * @return this
     */
    public TenantBehaviour consentsPerSecond(int value) {
        consentsPerSecond = value;
        return this;
    }

    /**
     * Lets every second read miss what is younger than this: two replicas, one of them behind. Checklist 10.5-4.
     *
     * @param value how long a replica is behind, zero by default
     * @return this
     */
    public TenantBehaviour flapping(Duration value) {
        flapping = value;
        return this;
    }

    /**
     * Chooses the status of a grant that exists already: 409 {@code Request_MultipleObjectsWithSameKeyValue} or 400 {@code Request_BadRequest}. Checklist 10.4-5.
     *
     * @param value 409 by default
     * @return this
     */
    public TenantBehaviour duplicateGrantStatus(int value) {
        duplicateGrantStatus = value;
        return this;
    }

    /**
     * Lets so many of the next grants be written and yet answered with 404 {@code Directory_ObjectNotFound}. Checklist 10.5-3.
     *
     * @param value the number of grants
     * @return this
     */
    public TenantBehaviour grantAppliedBut404(int value) {
        grantAppliedBut404.set(value);
        return this;
    }

    /**
     * Answers the parts of a batch in any order. Checklist 10.4-9.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour shuffleBatches(boolean value) {
        shuffleBatches = value;
        return this;
    }

    /**
     * Applies the quotas of Microsoft Graph. Checklist 10.4-10.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour throttling(boolean value) {
        throttling = value;
        return this;
    }

    /**
     * Cuts collections of Microsoft Graph into pages of at most so many objects, whatever {@code $top} asks for. Checklist 10.4-3.
     *
     * @param value the number, 0 to give what was asked for
     * @return this
     */
    public TenantBehaviour pageSize(int value) {
        pageSize = value;
        return this;
    }

    /**
     * Lets a service principal that was deleted softly keep its name: another one of its application is refused with 409. Checklist 10.4-3.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour softDeletedBlocksCreation(boolean value) {
        softDeletedBlocksCreation = value;
        return this;
    }

    /**
     * Answers the deletion of a service principal with success, and keeps it. Checklist 10.4-3.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour deletionWithoutEffect(boolean value) {
        deletionWithoutEffect = value;
        return this;
    }

    /**
     * Goes on showing a service principal for some time after its deletion; with {@link #flapping}, every second request does so
     * too. Checklist 10.5-1.
     *
     * @param value how long, zero by default
     * @return this
     */
    public TenantBehaviour deletionDelay(Duration value) {
        deletionDelay = value;
        return this;
    }

    /**
     * Says {@code EntitlementGrant entry already exists} of an app role that was assigned already, instead of the usual sentence. Checklist 10.4-4.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour entitlementGrantWording(boolean value) {
        entitlementGrantWording = value;
        return this;
    }

    /**
     * Chooses the status of a grant whose client or resource is not there or not replicated yet: 404 or 400. Checklist 10.4-5.
     *
     * @param value 404 by default
     * @return this
     */
    public TenantBehaviour missingReferenceStatus(int value) {
        missingReferenceStatus = value;
        return this;
    }

    /**
     * Chooses the shape of the error bodies of Microsoft Graph. Checklist 10.4-12.
     *
     * @param value the shape in practice by default
     * @return this
     */
    public TenantBehaviour graphErrorBody(GraphErrorBody value) {
        graphErrorBody = value;
        return this;
    }

    /**
     * Lets Microsoft Graph answer everything with 404 {@code Directory_ObjectNotFound}, as for a tenant being made or taken away. Checklist 10.4-1.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour unreadable(boolean value) {
        unreadable = value;
        return this;
    }

    /**
     * Lets Microsoft Graph refuse every token with 401 and a claims challenge. Checklist 10.4-1.
     *
     * @param value false by default
     * @return this
     */
    public TenantBehaviour claimsChallenge(boolean value) {
        claimsChallenge = value;
        return this;
    }

    /**
     * Lets Microsoft Graph, and in the partner tenant Partner Center, challenge every token that was not redeemed with these
     * claims: 401 {@code insufficient_claims}. The token endpoint issues what it is asked for. Checklist 10.4-1.
     *
     * @param value the claims as JSON, empty by default for none
     * @return this
     */
    public TenantBehaviour requiredClaims(String value) {
        requiredClaims = value;
        return this;
    }

    /**
     * Lets a user's token go on working after the app's service principal is gone; otherwise {@code Authorization_IdentityNotFound}, as always for app-only tokens. Checklist 10.4-1.
     *
     * @param value true by default
     * @return this
     */
    public TenantBehaviour userTokensOutliveApp(boolean value) {
        userTokensOutliveApp = value;
        return this;
    }

    /**
     * Chooses the status of {@code Authorization_IdentityNotFound}: 401 or 403. Checklist 10.4-1.
     *
     * @param value 401 by default
     * @return this
     */
    public TenantBehaviour identityNotFoundStatus(int value) {
        identityNotFoundStatus = value;
        return this;
    }

    /**
     * Lets Microsoft Graph answer a share of the requests, parts of batches among them, with 429 below all limits. Checklist 10.4-10.
     *
     * @param value the share in percent, 0 by default
     * @return this
     */
    public TenantBehaviour throttledShare(int value) {
        throttledShare = value;
        return this;
    }

    /**
     * Replaces the resource units that one app may use in 10 seconds. Checklist 10.4-10.
     *
     * @param value the number, 0 for what goes with the number of users
     * @return this
     */
    public TenantBehaviour resourceUnits(int value) {
        resourceUnits = value;
        return this;
    }

    /**
     * Replaces the number of writes that one app may send in 150 seconds. Checklist 10.4-10.
     *
     * @param value the number, 0 for 3,000
     * @return this
     */
    public TenantBehaviour writes(int value) {
        writes = value;
        return this;
    }

    /**
     * Refuses every token with one AADSTS code, as a Conditional Access policy or a broken account does. Checklist 10.2-3.
     *
     * @param aadstsCode the number; its error and status are taken from Microsoft's table, or are
     *     {@code invalid_grant} and 400
     * @return this
     */
    public TenantBehaviour refuseTokens(int aadstsCode) {
        tokenRefusal = new TokenRefusal(aadstsCode, null, null);
        return this;
    }

    /**
     * Refuses every token with a code, an error and a status of the caller's choice. Checklist 10.2-8.
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
     * Ends what {@link #refuseTokens(int)} began.
     *
     * @return this
     */
    public TenantBehaviour issueTokens() {
        tokenRefusal = null;
        return this;
    }

    /**
     * Makes new objects invisible to all reads for 5 to 30 seconds, a few for up to four minutes. Checklist 10.5-1.
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
     * Makes new objects invisible to one kind of read for a time between two bounds. Checklist 10.5-1.
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
     * Says that the tenant cannot have an API: its service principal cannot be created. Use
     * {@link SimulatedTenant#withoutResource} to take an existing one away as well. Checklist 10.1-1, 10.4-3.
     *
     * @param resourceAppId the API
     * @param how how its creation is refused
     * @return this
     */
    public TenantBehaviour unavailable(String resourceAppId, Unavailability how) {
        unavailable.put(resourceAppId.toLowerCase(Locale.ROOT), how);
        return this;
    }

    /**
     * Lets the tenant have an API again that {@link #unavailable} denied.
     *
     * @param resourceAppId the API
     * @return this
     */
    public TenantBehaviour available(String resourceAppId) {
        unavailable.remove(resourceAppId.toLowerCase(Locale.ROOT));
        return this;
    }

    /**
     * Suspends an API because its subscription lapsed: tokens for it are refused with AADSTS500014. Checklist 10.1-1.
     *
     * @param resourceAppId the API
     * @param value whether it is suspended
     * @return this
     */
    public TenantBehaviour suspended(String resourceAppId, boolean value) {
        return toggle(suspended, resourceAppId.toLowerCase(Locale.ROOT), value);
    }

    /**
     * Takes an app role out of what a resource offers in this tenant. Checklist 10.4-4.
     *
     * @param resourceAppId the resource
     * @param roleId the role
     * @return this
     */
    public TenantBehaviour withdrawAppRole(String resourceAppId, String roleId) {
        return toggle(withdrawnRoles, key(resourceAppId, roleId), true);
    }

    /**
     * Disables an app role: it is still published, but can't be given. Checklist 10.4-4.
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

    /** One of the grants that are to be written and yet answered with 404, if any is left. */
    boolean takeGrantAppliedBut404() {
        return grantAppliedBut404.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** Decides when an object created now is seen. Every kind of read rolls its own dice. */
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
