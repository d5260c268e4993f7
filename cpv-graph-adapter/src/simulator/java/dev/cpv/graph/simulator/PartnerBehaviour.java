package dev.cpv.graph.simulator;

import java.time.Duration;

/**
 * How Partner Center behaves towards the partner as a whole. Thread-safe; every setter takes effect with the next request.
 * What differs between customers is in {@link TenantBehaviour}.
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
     * Enforces multi-factor authentication on so many of a hundred calls with a user, as a progressive roll-out does: a call that is struck and whose token lacks it is refused with 401 and code 900421. Checklist 10.3-1.
     *
     * @param value the share in percent, 100 by default
     * @return this
     */
    public PartnerBehaviour mfaEnforcement(int value) {
        mfaEnforcement = value;
        return this;
    }

    /**
     * Answers {@code ValidateMfa} with the header {@code isMfaCompliant}, or leaves it out. Checklist 10.3-2.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour mfaComplianceHeader(boolean value) {
        mfaComplianceHeader = value;
        return this;
    }

    /**
     * Answers {@code ValidateMfa} with a member {@code isMfaCompliant} of the body, where that is a JSON object, or leaves it out. Checklist 10.3-2.
     *
     * @param value false by default
     * @return this
     */
    public PartnerBehaviour mfaComplianceInBody(boolean value) {
        mfaComplianceInBody = value;
        return this;
    }

    /**
     * Limits the consents of one app. Checklist 10.3-10.
     *
     * @param value the number per second, 0 for no limit
     * @return this
     */
    public PartnerBehaviour requestsPerSecond(int value) {
        requestsPerSecond = value;
        return this;
    }

    /**
     * Replays the first answer for so long when a {@code MS-RequestId} comes again. Checklist 10.3-8.
     *
     * @param value the time, zero to take every request anew
     * @return this
     */
    public PartnerBehaviour idempotencyWindow(Duration value) {
        idempotencyWindow = value;
        return this;
    }

    /**
     * Chooses the status of a consent that exists already. Checklist 10.3-5.
     *
     * @param value 409 by default
     * @return this
     */
    public PartnerBehaviour existingConsentStatus(int value) {
        existingConsentStatus = value;
        return this;
    }

    /**
     * Chooses the status of a consent for another application than the token's. Checklist 10.3-4.
     *
     * @param value 400 by default
     * @return this
     */
    public PartnerBehaviour wrongApplicationStatus(int value) {
        wrongApplicationStatus = value;
        return this;
    }

    /**
     * Chooses the status of a removed consent: 200, 201 or 204. Checklist 10.3-7.
     *
     * @param value 200 by default
     * @return this
     */
    public PartnerBehaviour removedConsentStatus(int value) {
        removedConsentStatus = value;
        return this;
    }

    /**
     * Shows the token of the next page of customers as a member of the body. Checklist 10.3-11.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour continuationInBody(boolean value) {
        continuationInBody = value;
        return this;
    }

    /**
     * Shows the token of the next page of customers among the headers of its link. Checklist 10.3-11.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour continuationInLinks(boolean value) {
        continuationInLinks = value;
        return this;
    }

    /**
     * Lists customers at Partner Center, or refuses to with 403, as to a partner who has delegated admin relationships alone. Checklist 10.3-11.
     *
     * @param value true by default
     * @return this
     */
    public PartnerBehaviour reseller(boolean value) {
        reseller = value;
        return this;
    }

    /**
     * Limits the attempts to deliver an event. Checklist 10.3-13.
     *
     * @param value the number, 10 by default
     * @return this
     */
    public PartnerBehaviour webhookAttempts(int value) {
        webhookAttempts = value;
        return this;
    }

    /**
     * Chooses the status of a relationship that was changed through Microsoft Graph: 200 or 202. Checklist 10.4-8.
     *
     * @param value 200 by default
     * @return this
     */
    public PartnerBehaviour relationshipUpdateStatus(int value) {
        relationshipUpdateStatus = value;
        return this;
    }

    /**
     * Keeps an access assignment made through Microsoft Graph {@code pending} for so long. Checklist 10.4-8.
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
