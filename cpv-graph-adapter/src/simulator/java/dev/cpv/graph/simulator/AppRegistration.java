package dev.cpv.graph.simulator;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The registration of the partner's app in the partner tenant. Thread-safe; every setter takes effect at once. */
public final class AppRegistration {
    private static final Duration SECRET_LIFE = Duration.ofDays(730);

    /** A client secret and its validity. */
    record Secret(String value, Instant from, Instant until) {
        @Override
        public String toString() {
            return "Secret[" + from + ".." + until + "]";
        }
    }

    /** A certificate and the time from which the service accepts it. */
    record Certificate(X509Certificate certificate, Instant from) {}

    private final String appId;
    private final String objectId;
    private final Clock clock;
    private final List<Secret> secrets = new CopyOnWriteArrayList<>();
    private final List<Certificate> certificates = new CopyOnWriteArrayList<>();
    private volatile String displayName;
    private volatile String manifest;
    private volatile boolean multiTenant = true;
    private volatile boolean enabled = true;
    private volatile Duration credentialPropagation = Duration.ZERO;
    private volatile boolean assertionTimeChecked = true;

    AppRegistration(String appId, String objectId, String displayName, String manifest, Clock clock) {
        this.appId = appId;
        this.objectId = objectId;
        this.displayName = displayName;
        this.manifest = manifest;
        this.clock = clock;
    }

    /**
     * The application (client) id.
     *
     * @return a GUID
     */
    public String appId() {
        return appId;
    }

    /**
     * The object id of the registration.
     *
     * @return a GUID
     */
    public String objectId() {
        return objectId;
    }

    /**
     * The name.
     *
     * @return the display name
     */
    public String displayName() {
        return displayName;
    }

    /**
     * Whether other tenants may use the app.
     *
     * @return true for {@code AzureADMultipleOrgs}
     */
    public boolean multiTenant() {
        return multiTenant;
    }

    /**
     * Whether the app is enabled.
     *
     * @return false if every tenant refuses it with AADSTS7000112
     */
    public boolean enabled() {
        return enabled;
    }

    /**
     * The application manifest, whose {@code requiredResourceAccess} Graph shows.
     *
     * @return the {@code application} JSON
     */
    public String manifest() {
        return manifest;
    }

    /**
     * Renames the app.
     *
     * @param name the new name
     * @return this
     */
    public AppRegistration displayName(String name) {
        displayName = name;
        return this;
    }

    /**
     * Replaces the application manifest.
     *
     * @param json the {@code application} JSON
     * @return this
     */
    public AppRegistration manifest(String json) {
        manifest = json;
        return this;
    }

    /**
     * Makes the app multi-tenant, as it is at first, or single-tenant. Other tenants refuse a single-tenant app with
     * AADSTS50194.
     *
     * @param value whether other tenants may use it
     * @return this
     */
    public AppRegistration multiTenant(boolean value) {
        multiTenant = value;
        return this;
    }

    /**
     * Enables or disables the app. Every tenant refuses a disabled app with AADSTS7000112.
     *
     * @param value whether the app is enabled
     * @return this
     */
    public AppRegistration enabled(boolean value) {
        enabled = value;
        return this;
    }

    /**
     * Sets how long a secret or certificate that is added later is refused (AADSTS7000215, AADSTS700027) before it is
     * accepted.
     *
     * @param delay zero by default
     * @return this
     */
    public AppRegistration credentialPropagation(Duration delay) {
        credentialPropagation = delay;
        return this;
    }

    /**
     * Adds a client secret that is valid for two years.
     *
     * @param value the secret
     * @return this
     */
    public AppRegistration addSecret(String value) {
        return addSecret(value, clock.instant().plus(SECRET_LIFE));
    }

    /**
     * Adds a client secret.
     *
     * @param value the secret
     * @param until the end of its validity; from then on it is refused with AADSTS7000222
     * @return this
     */
    public AppRegistration addSecret(String value, Instant until) {
        secrets.add(new Secret(value, clock.instant().plus(credentialPropagation), until));
        return this;
    }

    /**
     * Adds a certificate for client assertions.
     *
     * @param certificate the certificate with the public key
     * @return this
     */
    public AppRegistration addCertificate(X509Certificate certificate) {
        certificates.add(new Certificate(certificate, clock.instant().plus(credentialPropagation)));
        return this;
    }

    /**
     * Removes all secrets and certificates.
     *
     * @return this
     */
    public AppRegistration removeCredentials() {
        secrets.clear();
        certificates.clear();
        return this;
    }

    /**
     * Sets whether the times in client assertions are checked against the simulator's clock. Client libraries take them
     * from the system clock, which differs from a virtual clock.
     *
     * @param value true by default
     * @return this
     */
    public AppRegistration assertionTimeChecked(boolean value) {
        assertionTimeChecked = value;
        return this;
    }

    boolean checksAssertionTime() {
        return assertionTimeChecked;
    }

    List<Secret> secrets() {
        return secrets;
    }

    List<Certificate> certificates() {
        return certificates;
    }

    /** Shows the app id only: the credentials are secret. */
    @Override
    public String toString() {
        return "AppRegistration[" + appId + "]";
    }
}
