package dev.cpv.model;

import static dev.cpv.model.FailureScope.PARTNER;
import static dev.cpv.model.FailureScope.PERMISSION;
import static dev.cpv.model.FailureScope.RESOURCE;
import static dev.cpv.model.FailureScope.TENANT;

import dev.cpv.model.Remediation.Party;
import java.util.ResourceBundle;

/**
 * What went wrong, as a stable code (R25). New constants may appear in a minor release; keep a default branch.
 *
 * <p>The texts are in {@code dev/cpv/model/failures.properties}, and {@code docs/failures.md} is generated from them. They are
 * English on every machine, whatever its locale, so that logs, results and tests read the same everywhere. An application that
 * shows them in another language passes a bundle of its own, with the same keys, to {@link #meaning(ResourceBundle)},
 * {@link #remediation(ResourceBundle)} or {@link CpvFailure#remediation(ResourceBundle)}.
 */
public enum FailureCode {
    /** The partner's refresh token was revoked. */
    REFRESH_TOKEN_REVOKED(PARTNER, false, Party.PARTNER),
    /** The partner's refresh token expired: unused for 90 days, or ended by a sign-in frequency policy. */
    REFRESH_TOKEN_EXPIRED(PARTNER, false, Party.PARTNER),
    /** The refresh token is malformed or was issued to another client. */
    REFRESH_TOKEN_INVALID(PARTNER, false, Party.PARTNER),
    /** The refresh token store could not be read or written. */
    REFRESH_TOKEN_STORE_FAILED(PARTNER, true, Party.PARTNER),
    /** The client secret is wrong. */
    CLIENT_SECRET_INVALID(PARTNER, false, Party.PARTNER),
    /** The client secret expired. */
    CLIENT_SECRET_EXPIRED(PARTNER, false, Party.PARTNER),
    /** The client certificate is not registered, or the assertion signed with it was rejected. */
    CLIENT_CERTIFICATE_REJECTED(PARTNER, false, Party.PARTNER),
    /** The client credentials were rejected for another reason. */
    CLIENT_CREDENTIALS_REJECTED(PARTNER, false, Party.DEVELOPER),
    /** The service account must sign in with MFA. */
    SERVICE_ACCOUNT_MFA_REQUIRED(PARTNER, false, Party.PARTNER),
    /** The service account is disabled, locked or deleted, or its password expired. */
    SERVICE_ACCOUNT_DISABLED(PARTNER, false, Party.PARTNER),
    /** A policy of the partner tenant blocks the service account. */
    SERVICE_ACCOUNT_BLOCKED(PARTNER, false, Party.PARTNER),
    /** The application is disabled in the partner tenant. */
    PARTNER_APP_DISABLED(PARTNER, false, Party.PARTNER),
    /** The application is not registered in the partner tenant, or has no consent there. */
    PARTNER_APP_NOT_CONSENTED(PARTNER, false, Party.PARTNER),
    /** The application is registered as single-tenant. */
    APP_NOT_MULTI_TENANT(PARTNER, false, Party.DEVELOPER),
    /** The partner's reseller status in Partner Center is not active. */
    PARTNER_ACCOUNT_INACTIVE(PARTNER, false, Party.PARTNER),
    /** The request was malformed: a defect in cpv or in its configuration. */
    REQUEST_REJECTED(TENANT, false, Party.DEVELOPER),
    /** The tenant no longer exists. */
    TENANT_GONE(TENANT, false, Party.PARTNER),
    /** No tenant has the given domain. */
    TENANT_NOT_RESOLVED(TENANT, false, Party.PARTNER),
    /** Partner Center does not list the tenant as a customer of this partner. */
    CUSTOMER_NOT_FOUND(TENANT, false, Party.PARTNER),
    /** A token was issued for another tenant than the requested one. */
    WRONG_TENANT(TENANT, false, Party.DEVELOPER),
    /** The tenant belongs to another Microsoft cloud. */
    WRONG_CLOUD(TENANT, false, Party.DEVELOPER),
    /** The requested service, Microsoft Graph or Partner Center, does not exist in the tenant. */
    SERVICE_NOT_IN_TENANT(TENANT, false, Party.PARTNER),
    /** The service account has no delegated access (GDAP) to the tenant. */
    DELEGATED_ADMIN_MISSING(TENANT, false, Party.PARTNER),
    /** A delegated admin relationship (GDAP) was offered, but the customer has not approved it. */
    DELEGATED_ADMIN_PENDING(TENANT, false, Party.CUSTOMER),
    /** The delegated admin relationship (GDAP) with the tenant ended. */
    DELEGATED_ADMIN_ENDED(TENANT, false, Party.PARTNER),
    /** The only delegated admin relationship (GDAP) was created by Microsoft with read-only roles. */
    DELEGATED_ADMIN_READ_ONLY(TENANT, false, Party.PARTNER),
    /** The service account lacks a required role in the tenant. */
    DELEGATED_ADMIN_ROLE_MISSING(TENANT, false, Party.PARTNER),
    /** The service account is not allowed to use Partner Center's consent API. */
    PARTNER_CENTER_ACCESS_DENIED(TENANT, false, Party.PARTNER),
    /** A Conditional Access policy or security defaults block the service account. */
    CONDITIONAL_ACCESS_BLOCKED(TENANT, false, Party.CUSTOMER),
    /** The tenant requires MFA or a device that the service account cannot present there. */
    EXTRA_AUTHENTICATION_REQUIRED(TENANT, false, Party.CUSTOMER),
    /** Cross-tenant access settings block the partner. */
    CROSS_TENANT_ACCESS_BLOCKED(TENANT, false, Party.CUSTOMER),
    /** A guest object of the service account conflicts with delegated access. */
    GUEST_ACCOUNT_CONFLICT(TENANT, false, Party.CUSTOMER),
    /** An administrator of the customer disabled the application. */
    APP_DISABLED_BY_CUSTOMER(TENANT, false, Party.CUSTOMER),
    /** The application requires user assignment in the tenant, and the service account has none. */
    USER_ASSIGNMENT_REQUIRED(TENANT, false, Party.CUSTOMER),
    /** The application has no consent in the tenant, and none could be given. */
    CONSENT_MISSING(TENANT, false, Party.PARTNER),
    /** Partner Center refused the consent. */
    CONSENT_REFUSED(TENANT, false, Party.PARTNER),
    /** Consent was given, but it is not visible yet: no token is issued, or there is no service principal. */
    CONSENT_NOT_VISIBLE_YET(TENANT, true, Party.NOBODY),
    /** The tenant cannot be consented through Partner Center: it is the partner's own, or a direct tenant. */
    CONSENT_ROUTE(TENANT, false, Party.CUSTOMER),
    /** Consent exists, but lacks the scopes that cpv needs to repair it. */
    BOOTSTRAP_SCOPES_MISSING(TENANT, false, Party.PARTNER),
    /** Another operation on the tenant is running. */
    TENANT_BUSY(TENANT, true, Party.NOBODY),
    /** The journal could not be used, so nothing was started. */
    JOURNAL_FAILED(TENANT, true, Party.PARTNER),
    /** The time limit of the operation was reached. */
    DEADLINE_EXCEEDED(TENANT, true, Party.NOBODY),
    /** The caller cancelled the operation. */
    CANCELLED(TENANT, true, Party.NOBODY),
    /** The run stopped before it reached this tenant. */
    NOT_ATTEMPTED(TENANT, true, Party.NOBODY),
    /** The tenant is excluded (R30). */
    EXCLUDED(TENANT, false, Party.PARTNER),
    /** The tenant failed too often in a row, and is retried only at growing intervals (R30). */
    QUARANTINED(TENANT, true, Party.PARTNER),
    /** The application was removed from the tenant on purpose. */
    OFFBOARDED(TENANT, false, Party.NOBODY),
    /** The tenant is not due yet (R32). */
    NOT_DUE(TENANT, false, Party.NOBODY),
    /** The partner's access (GDAP) to the tenant is too new to work everywhere. */
    DELEGATED_ADMIN_NOT_READY(TENANT, true, Party.NOBODY),
    /** The tenant list could not be read completely. */
    CATALOG_FAILED(PARTNER, true, Party.PARTNER),
    /** The tenant list lost more tenants at once than is plausible (R31). */
    CATALOG_SHRANK(PARTNER, false, Party.PARTNER),
    /** A run would have changed more tenants than is plausible (R35). */
    RUN_CHANGES_TOO_MUCH(PARTNER, false, Party.PARTNER),
    /** Another fleet run is in progress (R32). */
    FLEET_BUSY(PARTNER, true, Party.NOBODY),
    /** The service throttled requests for longer than the time limit allowed. */
    THROTTLED(TENANT, true, Party.NOBODY),
    /** The service was temporarily unavailable. */
    SERVICE_UNAVAILABLE(TENANT, true, Party.NOBODY),
    /** No response arrived over the network. */
    NETWORK_FAILURE(TENANT, true, Party.PARTNER),
    /** A response was not JSON, was cut off, or was larger than allowed. */
    ANSWER_UNREADABLE(TENANT, true, Party.PARTNER),
    /** The service linked to another host, and no token is sent there (R24). */
    FOREIGN_HOST_REFUSED(TENANT, false, Party.DEVELOPER),
    /** A new Graph token was refused. */
    TOKEN_REFUSED(TENANT, true, Party.PARTNER),
    /** A write has not reached all replicas of the directory yet. */
    NOT_REPLICATED_YET(TENANT, true, Party.NOBODY),
    /** Another client changed the same object at the same time. */
    WRITE_CONFLICT(TENANT, true, Party.NOBODY),
    /** The tenant changed after the plan was made. */
    PLAN_STALE(TENANT, false, Party.PARTNER),
    /** A reset would lose required permissions (R19). */
    RESET_WOULD_LOSE(TENANT, false, Party.DEVELOPER),
    /** The service principal still exists, although its deletion was reported as done. */
    RESET_NOT_CONFIRMED(TENANT, false, Party.PARTNER),
    /** A reset of the tenant was started and has not ended. */
    RESET_UNFINISHED(TENANT, true, Party.NOBODY),
    /** Something that was removed with the service principal could not be restored. */
    RESET_INCOMPLETE(TENANT, false, Party.PARTNER),
    /** The directory in use does not support such a step. */
    STEP_UNSUPPORTED(TENANT, false, Party.DEVELOPER),
    /** The directory reported no result for a step, against its contract. */
    STEP_UNANSWERED(TENANT, true, Party.DEVELOPER),
    /** Not attempted, because a request that it depends on failed. */
    PREREQUISITE_FAILED(TENANT, true, Party.NOBODY),
    /** The resource does not exist in the tenant and cannot be added, usually because of a missing licence. */
    RESOURCE_NOT_AVAILABLE(RESOURCE, false, Party.CUSTOMER),
    /** The resource's service principal was deleted in the tenant, and blocks a new one. */
    RESOURCE_DELETED(RESOURCE, false, Party.CUSTOMER),
    /** The resource is for the partner tenant only (R3). */
    PARTNER_RESOURCE(RESOURCE, false, Party.NOBODY),
    /** The resource's service principal is disabled in the tenant. */
    RESOURCE_DISABLED(RESOURCE, false, Party.CUSTOMER),
    /** The scopes of a resource do not fit into one grant (R14). */
    SCOPE_TOO_LONG(RESOURCE, false, Party.PARTNER),
    /** The permissions that the resource publishes could not be read. */
    RESOURCE_NOT_READABLE(RESOURCE, true, Party.NOBODY),
    /** The resource does not offer this permission in the tenant (R9). */
    PERMISSION_NOT_OFFERED(PERMISSION, false, Party.DEVELOPER),
    /** A response that cpv does not know. */
    UNKNOWN(TENANT, false, Party.DEVELOPER);

    private final FailureScope scope;
    private final boolean retryable;
    private final Party party;

    FailureCode(FailureScope scope, boolean retryable, Party party) {
        this.scope = scope;
        this.retryable = retryable;
        this.party = party;
    }

    /** Returns what the code means, as one English sentence. */
    public String meaning() {
        return FailureTexts.english(name());
    }

    /**
     * Returns what the code means, in another language.
     *
     * @param translation holds the sentence under the code's name; where it does not, the sentence is English
     */
    public String meaning(ResourceBundle translation) {
        return FailureTexts.translated(translation, name());
    }

    /** Returns how far such a failure usually reaches. A single failure can have a narrower scope. */
    public FailureScope scope() {
        return scope;
    }

    /** Returns whether a later attempt can succeed without anybody acting. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns the responsible party and what it does, in English. */
    public Remediation remediation() {
        return new Remediation(party, FailureTexts.english(actionKey()));
    }

    /**
     * Returns the responsible party and what it does, in another language.
     *
     * @param translation holds the text under the code's name with {@code .action} appended; where it does not, the text is
     *     English
     */
    public Remediation remediation(ResourceBundle translation) {
        return new Remediation(party, FailureTexts.translated(translation, actionKey()));
    }

    private String actionKey() {
        return name() + ".action";
    }
}
