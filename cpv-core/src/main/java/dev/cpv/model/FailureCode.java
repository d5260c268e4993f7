package dev.cpv.model;

import static dev.cpv.model.FailureScope.PARTNER;
import static dev.cpv.model.FailureScope.PERMISSION;
import static dev.cpv.model.FailureScope.RESOURCE;
import static dev.cpv.model.FailureScope.TENANT;

import dev.cpv.model.Remediation.Party;

/**
 * What went wrong, as a stable code (R25). {@code docs/failures.md} is generated from this table. New constants may appear
 * in a minor release; keep a default branch.
 */
public enum FailureCode {
    /** The partner's refresh token was revoked. */
    REFRESH_TOKEN_REVOKED(
            "The partner's refresh token was revoked.",
            PARTNER,
            false,
            Party.PARTNER,
            "Sign the service account in again with MFA and store the new refresh token."),
    /** The partner's refresh token expired, by 90 idle days or by a sign-in frequency policy. */
    REFRESH_TOKEN_EXPIRED(
            "The partner's refresh token expired, by 90 idle days or by a sign-in frequency policy.",
            PARTNER,
            false,
            Party.PARTNER,
            "Sign the service account in again with MFA and store the new refresh token; check sign-in frequency policies"
                    + " of the partner tenant."),
    /** The partner's refresh token is not one, or was issued to another client. */
    REFRESH_TOKEN_INVALID(
            "The partner's refresh token is not one, or was issued to another client.",
            PARTNER,
            false,
            Party.PARTNER,
            "Check that the stored refresh token is whole and was issued to this client id; else sign the service account"
                    + " in again."),
    /** The refresh token could not be read from, or written to, its store. */
    REFRESH_TOKEN_STORE_FAILED(
            "The refresh token could not be read from, or written to, its store.",
            PARTNER,
            true,
            Party.PARTNER,
            "Check that the store of the refresh token can be read and written."),
    /** The client secret is wrong. */
    CLIENT_SECRET_INVALID(
            "The client secret is wrong.",
            PARTNER,
            false,
            Party.PARTNER,
            "Set the client secret's value (not its id) from the application registration."),
    /** The client secret expired. */
    CLIENT_SECRET_EXPIRED(
            "The client secret expired.",
            PARTNER,
            false,
            Party.PARTNER,
            "Create a new client secret or use a certificate, and set it."),
    /** The client certificate is not registered, or the assertion made with it was rejected. */
    CLIENT_CERTIFICATE_REJECTED(
            "The client certificate is not registered, or the assertion made with it was rejected.",
            PARTNER,
            false,
            Party.PARTNER,
            "Register the certificate with the application registration, and check this machine's clock."),
    /** No client credential was accepted for another reason. */
    CLIENT_CREDENTIALS_REJECTED(
            "No client credential was accepted for another reason.",
            PARTNER,
            false,
            Party.DEVELOPER,
            "Register the application as a confidential client, and send a secret or a certificate."),
    /** The service account has to sign in with MFA. */
    SERVICE_ACCOUNT_MFA_REQUIRED(
            "The service account has to sign in with MFA.",
            PARTNER,
            false,
            Party.PARTNER,
            "Sign the partner's service account in again with MFA and store the new refresh token; no customer has to do"
                    + " anything."),
    /** The service account is disabled, locked, deleted, or its password expired. */
    SERVICE_ACCOUNT_DISABLED(
            "The service account is disabled, locked, deleted, or its password expired.",
            PARTNER,
            false,
            Party.PARTNER,
            "Enable the service account in the partner tenant, or use another one."),
    /** Policies of the partner's own tenant block the service account. */
    SERVICE_ACCOUNT_BLOCKED(
            "Policies of the partner's own tenant block the service account.",
            PARTNER,
            false,
            Party.PARTNER,
            "Look at the service account's sign-in log in the partner tenant, and mend the policy or the risk that blocks"
                    + " it."),
    /** The application is disabled in the partner tenant. */
    PARTNER_APP_DISABLED(
            "The application is disabled in the partner tenant.",
            PARTNER,
            false,
            Party.PARTNER,
            "Enable the application in the partner tenant; look at its disabledByMicrosoftStatus."),
    /** The application is not registered in the partner tenant, or lacks consent there. */
    PARTNER_APP_NOT_CONSENTED(
            "The application is not registered in the partner tenant, or lacks consent there.",
            PARTNER,
            false,
            Party.PARTNER,
            "Check the client id, and grant admin consent to the application in the partner tenant."),
    /** The application is registered for one tenant alone. */
    APP_NOT_MULTI_TENANT(
            "The application is registered for one tenant alone.",
            PARTNER,
            false,
            Party.DEVELOPER,
            "Set signInAudience of the application to AzureADMultipleOrgs."),
    /** The partner's programme status at Partner Center is not active. */
    PARTNER_ACCOUNT_INACTIVE(
            "The partner's programme status at Partner Center is not active.",
            PARTNER,
            false,
            Party.PARTNER,
            "Mend the reseller programme status in Partner Center."),
    /** The request was malformed: a fault in cpv or in its configuration. */
    REQUEST_REJECTED(
            "The request was malformed: a fault in cpv or in its configuration.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Check client id, cloud and base URLs; if they are right, report this with the service's code and request id."),
    /** The tenant does not exist any more. */
    TENANT_GONE(
            "The tenant does not exist any more.",
            TENANT,
            false,
            Party.PARTNER,
            "The tenant was deleted or has no subscription left: take it out of the list of managed tenants."),
    /** No tenant has the given domain. */
    TENANT_NOT_RESOLVED(
            "No tenant has the given domain.",
            TENANT,
            false,
            Party.PARTNER,
            "Check the domain for a typing error, or give the tenant's GUID."),
    /** Partner Center does not know the tenant as a customer of this partner. */
    CUSTOMER_NOT_FOUND(
            "Partner Center does not know the tenant as a customer of this partner.",
            TENANT,
            false,
            Party.PARTNER,
            "Check that the customer has an active relationship (GDAP) with this partner tenant."),
    /** A token was issued for another tenant than the one asked for. */
    WRONG_TENANT(
            "A token was issued for another tenant than the one asked for.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Stop using this result, and report it: a token of a wrong tenant was refused."),
    /** The tenant belongs to another Microsoft cloud. */
    WRONG_CLOUD(
            "The tenant belongs to another Microsoft cloud.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Configure the cloud that the tenant belongs to."),
    /** The service that a token was asked for, Microsoft Graph or Partner Center, is not in the tenant. */
    SERVICE_NOT_IN_TENANT(
            "The service that a token was asked for, Microsoft Graph or Partner Center, is not in the tenant.",
            TENANT,
            false,
            Party.PARTNER,
            "Check in that tenant that the service principal of Microsoft Graph, or in the partner tenant of Partner Center,"
                    + " exists and that the service has a licence."),
    /** The service account has no delegated access (GDAP) in the tenant. */
    DELEGATED_ADMIN_MISSING(
            "The service account has no delegated access (GDAP) in the tenant.",
            TENANT,
            false,
            Party.PARTNER,
            "Check that the GDAP relationship is active, that a security group is assigned to it, and that the service"
                    + " account is in that group and no guest in the customer's tenant. A relationship accepted less than"
                    + " 15 minutes ago needs time."),
    /** A delegated admin relationship (GDAP) was offered, and the customer has not approved it. */
    DELEGATED_ADMIN_PENDING(
            "A delegated admin relationship (GDAP) was offered, and the customer has not approved it.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Let a Global Administrator of the customer approve the relationship; an offer lapses after 90 days."),
    /** The delegated admin relationship (GDAP) with the tenant ended. */
    DELEGATED_ADMIN_ENDED(
            "The delegated admin relationship (GDAP) with the tenant ended.",
            TENANT,
            false,
            Party.PARTNER,
            "Offer the customer a new relationship, with auto extend where it may go on; or take the customer for gone."),
    /** The only delegated admin relationship (GDAP) is one that Microsoft made, with roles that read alone. */
    DELEGATED_ADMIN_READ_ONLY(
            "The only delegated admin relationship (GDAP) is one that Microsoft made, with roles that read alone.",
            TENANT,
            false,
            Party.PARTNER,
            "Offer the customer a relationship of your own with Cloud Application Administrator or Application Administrator:"
                    + " one named MLT_ cannot be used."),
    /** The service account lacks a role in the tenant. */
    DELEGATED_ADMIN_ROLE_MISSING(
            "The service account lacks a role in the tenant.",
            TENANT,
            false,
            Party.PARTNER,
            "Give the service account's group Cloud Application Administrator or Application Administrator in the GDAP"
                    + " relationship, and Privileged Role Administrator if app roles of Microsoft Graph are to be granted."),
    /** The service account may not use Partner Center's consent API. */
    PARTNER_CENTER_ACCESS_DENIED(
            "The service account may not use Partner Center's consent API.",
            TENANT,
            false,
            Party.PARTNER,
            "Put the service account into the AdminAgents group of the partner tenant, and check the GDAP roles for this"
                    + " customer."),
    /** A Conditional Access policy or security default blocks the service account. */
    CONDITIONAL_ACCESS_BLOCKED(
            "A Conditional Access policy or security default blocks the service account.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Exclude service provider users from the Conditional Access policy that blocks them; the sign-in log names it."),
    /** The tenant asks the service account for MFA or a device that it cannot show there. */
    EXTRA_AUTHENTICATION_REQUIRED(
            "The tenant asks the service account for MFA or a device that it cannot show there.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Exclude service provider users from policies that ask for MFA, devices or terms of use a second time; if every"
                    + " customer shows this, the partner's refresh token was made without MFA."),
    /** Cross-tenant access settings block the partner. */
    CROSS_TENANT_ACCESS_BLOCKED(
            "Cross-tenant access settings block the partner.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Allow the partner in the cross-tenant access settings (inbound at the customer, outbound at the partner)."),
    /** A guest object of the service account stands in the way. */
    GUEST_ACCOUNT_CONFLICT(
            "A guest object of the service account stands in the way.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Remove the service account's guest object from the customer's tenant."),
    /** A customer admin disabled the application. */
    APP_DISABLED_BY_CUSTOMER(
            "A customer admin disabled the application.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Enable sign-in for the partner's enterprise application in the customer's tenant."),
    /** The application requires assignment in the tenant and the service account has none. */
    USER_ASSIGNMENT_REQUIRED(
            "The application requires assignment in the tenant and the service account has none.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Turn off 'Assignment required' for the partner's enterprise application, or assign the service account."),
    /** The application has no consent in the tenant, and none could be given. */
    CONSENT_MISSING(
            "The application has no consent in the tenant, and none could be given.",
            TENANT,
            false,
            Party.PARTNER,
            "Refresh the tenant, or let a customer admin consent to the application."),
    /** Partner Center refused to consent. */
    CONSENT_REFUSED(
            "Partner Center refused to consent.",
            TENANT,
            false,
            Party.PARTNER,
            "Read the service's message: a missing GDAP role, an unknown scope or a missing resource are usual."),
    /** Consent was given, but neither token nor service principal can be had yet. */
    CONSENT_NOT_VISIBLE_YET(
            "Consent was given, but neither token nor service principal can be had yet.",
            TENANT,
            true,
            Party.NOBODY,
            "Wait some minutes: consent takes time to reach all of Microsoft's servers."),
    /** The tenant cannot be consented through Partner Center: it is the partner's own, or a direct one. */
    CONSENT_ROUTE(
            "The tenant cannot be consented through Partner Center: it is the partner's own, or a direct one.",
            TENANT,
            false,
            Party.CUSTOMER,
            "Let an administrator of that tenant consent to the application."),
    /** Consent exists but lacks the scopes that cpv needs to mend it. */
    BOOTSTRAP_SCOPES_MISSING(
            "Consent exists but lacks the scopes that cpv needs to mend it.",
            TENANT,
            false,
            Party.PARTNER,
            "Reset the tenant: Partner Center never adds scopes to a consent that exists."),
    /** Another operation is at work on the tenant. */
    TENANT_BUSY(
            "Another operation is at work on the tenant.",
            TENANT,
            true,
            Party.NOBODY,
            "Wait until the other operation on this tenant has ended."),
    /** The journal could not be used, so nothing was begun. */
    JOURNAL_FAILED(
            "The journal could not be used, so nothing was begun.",
            TENANT,
            true,
            Party.PARTNER,
            "Check that the journal's directory or database can be read and written and has space; refresh again."),
    /** The time that was allowed for the tenant ended first. */
    DEADLINE_EXCEEDED(
            "The time that was allowed for the tenant ended first.",
            TENANT,
            true,
            Party.NOBODY,
            "Refresh again later, or allow more time."),
    /** The caller cancelled. */
    CANCELLED(
            "The caller cancelled.",
            TENANT,
            true,
            Party.NOBODY,
            "Refresh again: the next refresh completes the tenant."),
    /** The run had stopped before this tenant's turn. */
    NOT_ATTEMPTED(
            "The run had stopped before this tenant's turn.",
            TENANT,
            true,
            Party.NOBODY,
            "Mend what stopped the run, then refresh again."),
    /** The tenant is excluded (R30). */
    EXCLUDED(
            "The tenant is excluded.",
            TENANT,
            false,
            Party.PARTNER,
            "Nothing, if it is meant so; else remove the exclusion."),
    /** The tenant failed too often in a row, and is tried at growing intervals alone (R30). */
    QUARANTINED(
            "The tenant failed too often in a row, and is tried at growing intervals alone.",
            TENANT,
            true,
            Party.PARTNER,
            "Mend what the last attempt failed for, then refresh this tenant by hand: one success ends the quarantine."),
    /** The application was taken out of the tenant on purpose. */
    OFFBOARDED(
            "The application was taken out of the tenant on purpose.",
            TENANT,
            false,
            Party.NOBODY,
            "Nothing, if it is meant so; refresh the tenant by hand to bring the application back."),
    /** The tenant's next turn has not come (R32). */
    NOT_DUE("The tenant's next turn has not come.", TENANT, false, Party.NOBODY, "Nothing: its turn comes by itself."),
    /** The partner's access to the tenant is too young to work everywhere yet. */
    DELEGATED_ADMIN_NOT_READY(
            "The partner's access (GDAP) to the tenant is too young to work everywhere yet.",
            TENANT,
            true,
            Party.NOBODY,
            "Wait until it has reached all of Microsoft's servers: the next run takes the tenant."),
    /** The catalog did not give its list of tenants. */
    CATALOG_FAILED(
            "The list of tenants could not be had as a whole.",
            PARTNER,
            true,
            Party.PARTNER,
            "Nothing was begun. Mend what the message names; a list that is known can be given instead."),
    /** The list of tenants lost more of them at once than is plausible (R31). */
    CATALOG_SHRANK(
            "The list of tenants lost more of them at once than is plausible.",
            PARTNER,
            false,
            Party.PARTNER,
            "Nothing was begun. Look why the tenants are gone from the list; if it is meant so, allow it once."),
    /** A run would have changed more tenants than is plausible (R35). */
    RUN_CHANGES_TOO_MUCH(
            "A run would have changed more tenants than is plausible.",
            PARTNER,
            false,
            Party.PARTNER,
            "The run stopped. Look what the message names, as a manifest that changed; if it is meant so, allow it for one"
                    + " run."),
    /** Another run over the fleet is under way (R32). */
    FLEET_BUSY(
            "Another run over the fleet is under way.",
            PARTNER,
            true,
            Party.NOBODY,
            "Nothing was begun. Wait until the other run has ended."),
    /** The service asked for fewer requests for longer than there was time. */
    THROTTLED(
            "The service asked for fewer requests for longer than there was time.",
            TENANT,
            true,
            Party.NOBODY,
            "Refresh again later."),
    /** The service could not answer for the moment. */
    SERVICE_UNAVAILABLE(
            "The service could not answer for the moment.", TENANT, true, Party.NOBODY, "Refresh again later."),
    /** No answer came over the network. */
    NETWORK_FAILURE(
            "No answer came over the network.",
            TENANT,
            true,
            Party.PARTNER,
            "Check the network, proxy and trust store of this machine; refresh again."),
    /** An answer was no JSON, cut off, or larger than allowed. */
    ANSWER_UNREADABLE(
            "An answer was no JSON, cut off, or larger than allowed.",
            TENANT,
            true,
            Party.PARTNER,
            "Check for a proxy that answers in the service's place; refresh again."),
    /** The service named another host to go on at, and no token is sent there (R24). */
    FOREIGN_HOST_REFUSED(
            "The service named another host to go on at, and no token is sent there.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Check the base URLs, and report it: a link to a foreign host was refused."),
    /** A Graph token was refused although it is fresh. */
    TOKEN_REFUSED(
            "A Graph token was refused although it is fresh.",
            TENANT,
            true,
            Party.PARTNER,
            "Refresh again; if it stays, look at the sign-in log of the customer's tenant."),
    /** What was written has not reached all of the directory's replicas yet. */
    NOT_REPLICATED_YET(
            "What was written has not reached all of the directory's replicas yet.",
            TENANT,
            true,
            Party.NOBODY,
            "Refresh again in some minutes."),
    /** Somebody else changed the same object at the same time. */
    WRITE_CONFLICT(
            "Somebody else changed the same object at the same time.", TENANT, true, Party.NOBODY, "Refresh again."),
    /** The tenant changed since the plan was made. */
    PLAN_STALE(
            "The tenant changed since the plan was made.",
            TENANT,
            false,
            Party.PARTNER,
            "Preview again, and approve the new plan."),
    /** A reset would lose permissions that are required (R19). */
    RESET_WOULD_LOSE(
            "A reset would lose permissions that are required.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Nothing was removed. Take what the message names out of the manifest, or do not reset this tenant."),
    /** The service principal is still there, though its deletion was answered as done. */
    RESET_NOT_CONFIRMED(
            "The service principal is still there, though its deletion was answered as done.",
            TENANT,
            false,
            Party.PARTNER,
            "Look at the enterprise application in the customer's tenant, then reset again."),
    /** A reset of the tenant was begun and has not ended. */
    RESET_UNFINISHED(
            "A reset of the tenant was begun and has not ended.",
            TENANT,
            true,
            Party.NOBODY,
            "Refresh the tenant: the next refresh finishes the reset."),
    /** Something that went with the service principal could not be given back. */
    RESET_INCOMPLETE(
            "Something that went with the service principal could not be given back.",
            TENANT,
            false,
            Party.PARTNER,
            "Give back by hand what the message names."),
    /** The directory in use cannot do such a step. */
    STEP_UNSUPPORTED(
            "The directory in use cannot do such a step.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Use a directory that supports this step."),
    /** The directory gave no answer for a step, against its contract. */
    STEP_UNANSWERED(
            "The directory gave no answer for a step, against its contract.",
            TENANT,
            true,
            Party.DEVELOPER,
            "Run the conformance suite over the directory in use."),
    /** Not tried, since a request that it depends on failed. */
    PREREQUISITE_FAILED(
            "Not tried, since a request that it depends on failed.",
            TENANT,
            true,
            Party.NOBODY,
            "Mend what failed first, if it needs mending, then refresh again."),
    /** The resource does not exist in the tenant and cannot be added, usually for want of a licence. */
    RESOURCE_NOT_AVAILABLE(
            "The resource does not exist in the tenant and cannot be added, usually for want of a licence.",
            RESOURCE,
            false,
            Party.CUSTOMER,
            "Nothing, unless the service is wanted: then buy a licence for it."),
    /** The resource's service principal was deleted in the tenant, and is in the way of a new one. */
    RESOURCE_DELETED(
            "The resource's service principal was deleted in the tenant, and is in the way of a new one.",
            RESOURCE,
            false,
            Party.CUSTOMER,
            "Restore the deleted enterprise application in the customer's tenant (Microsoft Entra admin center, Enterprise"
                    + " applications, Deleted applications), or delete it there for good; Microsoft does so 30 days after its"
                    + " deletion. Then refresh."),
    /** The resource belongs to the partner's own tenant alone (R3). */
    PARTNER_RESOURCE(
            "The resource belongs to the partner's own tenant alone.",
            RESOURCE,
            false,
            Party.NOBODY,
            "Nothing: this resource is for the partner tenant alone."),
    /** The resource's service principal is disabled in the tenant. */
    RESOURCE_DISABLED(
            "The resource's service principal is disabled in the tenant.",
            RESOURCE,
            false,
            Party.CUSTOMER,
            "Renew the licence, or enable the resource's enterprise application in the customer's tenant."),
    /** The scopes of a resource do not fit into one grant (R14). */
    SCOPE_TOO_LONG(
            "The scopes of a resource do not fit into one grant.",
            RESOURCE,
            false,
            Party.PARTNER,
            "Remove scopes: a grant holds 3,850 characters. The message names extras that could go; revoking extras removes"
                    + " them."),
    /** What the resource publishes could not be read, so its permissions could not be told apart. */
    RESOURCE_NOT_READABLE(
            "What the resource publishes could not be read, so its permissions could not be told apart.",
            RESOURCE,
            true,
            Party.NOBODY,
            "Refresh again."),
    /** The resource does not offer this permission in the tenant (R9). */
    PERMISSION_NOT_OFFERED(
            "The resource does not offer this permission in the tenant.",
            PERMISSION,
            false,
            Party.DEVELOPER,
            "Check the permission's id and type; take it out of the manifest if Microsoft withdrew it."),
    /** An answer that cpv does not know. */
    UNKNOWN(
            "An answer that cpv does not know.",
            TENANT,
            false,
            Party.DEVELOPER,
            "Report it with the service's code, message and request id.");

    private final String meaning;
    private final FailureScope scope;
    private final boolean retryable;
    private final Party party;
    private final String action;

    FailureCode(String meaning, FailureScope scope, boolean retryable, Party party, String action) {
        this.meaning = meaning;
        this.scope = scope;
        this.retryable = retryable;
        this.party = party;
        this.action = action;
    }

    /**
     * Returns what it means, for people.
     *
     * @return one sentence
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Returns how far such a failure usually reaches.
     *
     * @return the scope; a single failure can have a narrower one
     */
    public FailureScope scope() {
        return scope;
    }

    /**
     * Says whether trying again later can help though nobody acts.
     *
     * @return whether it can
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Returns who has to do what.
     *
     * @return the remediation
     */
    public Remediation remediation() {
        return new Remediation(party, action);
    }
}
