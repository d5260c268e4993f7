package dev.cpv.graph.simulator;

import java.time.Duration;

/**
 * The behaviour of Partner Center that is the same for all customers. Thread-safe; every setter takes effect with the
 * next request. What differs between customers is in {@link TenantBehaviour}.
 */
public final class PartnerBehaviour {
    private volatile int mfaEnforcement = 100;
    private volatile boolean mfaComplianceHeader = true;
    private volatile boolean mfaComplianceInBody = false;
    private volatile int requestsPerSecond = 50;
    private volatile Duration idempotencyWindow = Duration.ofMinutes(10);
    private volatile int existingConsentStatus = 409;
    private volatile int wrongApplicationStatus = 400;
    private volatile int removedConsentStatus = 200;
    private volatile boolean continuationInBody = true;
    private volatile boolean continuationInLinks = true;
    private volatile boolean reseller = true;
    private volatile int webhookAttempts = 10;
    private volatile int relationshipUpdateStatus = 200;
    private volatile Duration accessAssignmentDelay = Duration.ZERO;

    PartnerBehaviour() {}

    /**
     * Sets the share of calls with a user on which multi-factor authentication is enforced, as in a progressive
     * roll-out. Such a call is refused with 401 and code 900421 if its token was issued without it.
     *
     * @param value the share in percent, 100 by default
     * @return this
     */
    public PartnerBehaviour mfaEnforcement(int value) {
        mfaEnforcement = value;
        return this;
    }

    /**
     * Answers {@code ValidateMfa} with the header {@code isMfaCompliant}, or omits it.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour mfaComplianceHeader(boolean value) {
        mfaComplianceHeader = value;
        return this;
    }

    /**
     * Answers {@code ValidateMfa} with a member {@code isMfaCompliant} in the body if that is a JSON object, or omits
     * it.
     *
     * @param value false by default
     * @return this
     */
    public PartnerBehaviour mfaComplianceInBody(boolean value) {
        mfaComplianceInBody = value;
        return this;
    }

    /**
     * Limits the consents of one app.
     *
     * @param value the number per second, 0 for no limit
     * @return this
     */
    public PartnerBehaviour requestsPerSecond(int value) {
        requestsPerSecond = value;
        return this;
    }

    /**
     * Sets how long a repeated {@code MS-RequestId} gets the first answer again.
     *
     * @param value the time, zero to handle every request as a new one
     * @return this
     */
    public PartnerBehaviour idempotencyWindow(Duration value) {
        idempotencyWindow = value;
        return this;
    }

    /**
     * Sets the status of the answer to a consent that exists already.
     *
     * @param value 409 by default
     * @return this
     */
    public PartnerBehaviour existingConsentStatus(int value) {
        existingConsentStatus = value;
        return this;
    }

    /**
     * Sets the status of the answer to a consent for another application than the token's.
     *
     * @param value 400 by default
     * @return this
     */
    public PartnerBehaviour wrongApplicationStatus(int value) {
        wrongApplicationStatus = value;
        return this;
    }

    /**
     * Sets the status of the answer to the removal of a consent: 200, 201 or 204.
     *
     * @param value 200 by default
     * @return this
     */
    public PartnerBehaviour removedConsentStatus(int value) {
        removedConsentStatus = value;
        return this;
    }

    /**
     * Sets whether the token of the next page of customers is a member of the body.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour continuationInBody(boolean value) {
        continuationInBody = value;
        return this;
    }

    /**
     * Sets whether the token of the next page of customers is among the headers of its link.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour continuationInLinks(boolean value) {
        continuationInLinks = value;
        return this;
    }

    /**
     * Sets whether Partner Center lists customers. If not, it refuses with 403, as for a partner that has only
     * delegated admin relationships.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour reseller(boolean value) {
        reseller = value;
        return this;
    }

    /**
     * Limits the attempts to deliver an event.
     *
     * @param value the number, 10 by default
     * @return this
     */
    public PartnerBehaviour webhookAttempts(int value) {
        webhookAttempts = value;
        return this;
    }

    /**
     * Sets the status of the answer to a change of a relationship through Microsoft Graph: 200 or 202.
     *
     * @param value 200 by default
     * @return this
     */
    public PartnerBehaviour relationshipUpdateStatus(int value) {
        relationshipUpdateStatus = value;
        return this;
    }

    /**
     * Sets how long an access assignment that was created through Microsoft Graph stays {@code pending}.
     *
     * @param value zero by default
     * @return this
     */
    public PartnerBehaviour accessAssignmentDelay(Duration value) {
        accessAssignmentDelay = value;
        return this;
    }

    int relationshipUpdateStatus() {
        return relationshipUpdateStatus;
    }

    Duration accessAssignmentDelay() {
        return accessAssignmentDelay;
    }

    int mfaEnforcement() {
        return mfaEnforcement;
    }

    boolean mfaComplianceHeader() {
        return mfaComplianceHeader;
    }

    boolean mfaComplianceInBody() {
        return mfaComplianceInBody;
    }

    int requestsPerSecond() {
        return requestsPerSecond;
    }

    Duration idempotencyWindow() {
        return idempotencyWindow;
    }

    int existingConsentStatus() {
        return existingConsentStatus;
    }

    int wrongApplicationStatus() {
        return wrongApplicationStatus;
    }

    int removedConsentStatus() {
        return removedConsentStatus;
    }

    boolean continuationInBody() {
        return continuationInBody;
    }

    boolean continuationInLinks() {
        return continuationInLinks;
    }

    boolean reseller() {
        return reseller;
    }

    int webhookAttempts() {
        return webhookAttempts;
    }
}
