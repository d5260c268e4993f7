package dev.cpv.graph;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * A Microsoft cloud: where its services are, and what their tokens are made out to. Immutable.
 *
 * <p>The base URLs can be replaced, by a proxy's or a simulator's; scopes and audiences stay those of the cloud. See
 * https://learn.microsoft.com/graph/deployments.
 */
public final class MicrosoftCloud {
    /** The worldwide cloud, GCC included. */
    public static final MicrosoftCloud GLOBAL = new MicrosoftCloud(
            "global",
            "https://login.microsoftonline.com",
            "https://api.partnercenter.microsoft.com",
            "https://graph.microsoft.com");

    /** US government, GCC High (L4). */
    public static final MicrosoftCloud US_GOVERNMENT = new MicrosoftCloud(
            "us-government",
            "https://login.microsoftonline.us",
            "https://api.partnercenter.microsoft.com",
            "https://graph.microsoft.us");

    /** US government, Department of Defense (L5). */
    public static final MicrosoftCloud US_DOD = new MicrosoftCloud(
            "us-dod",
            "https://login.microsoftonline.us",
            "https://api.partnercenter.microsoft.com",
            "https://dod-graph.microsoft.us");

    /** China, operated by 21Vianet. */
    public static final MicrosoftCloud CHINA = new MicrosoftCloud(
            "china",
            "https://login.chinacloudapi.cn",
            "https://partner.partnercenterapi.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final String name;
    private final URI authority;
    private final URI partnerCenterAudience;
    private final URI graphAudience;
    private final URI loginUrl;
    private final URI partnerCenterUrl;
    private final URI graphUrl;

    private MicrosoftCloud(String name, String login, String partnerCenter, String graph) {
        this(
                name,
                URI.create(login),
                URI.create(partnerCenter),
                URI.create(graph),
                URI.create(login),
                URI.create(partnerCenter),
                URI.create(graph));
    }

    private MicrosoftCloud(
            String name,
            URI authority,
            URI partnerCenterAudience,
            URI graphAudience,
            URI loginUrl,
            URI partnerCenterUrl,
            URI graphUrl) {
        this.name = name;
        this.authority = authority;
        this.partnerCenterAudience = partnerCenterAudience;
        this.graphAudience = graphAudience;
        this.loginUrl = loginUrl;
        this.partnerCenterUrl = partnerCenterUrl;
        this.graphUrl = graphUrl;
    }

    /**
     * Finds a cloud by name.
     *
     * @param name {@code global}, {@code us-government}, {@code us-dod} or {@code china}
     * @return the cloud
     * @throws IllegalArgumentException if there is no such cloud
     */
    public static MicrosoftCloud named(String name) {
        return switch (name) {
            case "global" -> GLOBAL;
            case "us-government" -> US_GOVERNMENT;
            case "us-dod" -> US_DOD;
            case "china" -> CHINA;
            default ->
                throw new IllegalArgumentException(
                        "No Microsoft cloud '" + name + "': choose global, us-government, us-dod or china");
        };
    }

    /**
     * Sends token requests elsewhere.
     *
     * @param url a base URL without a version; https, or http to loopback
     * @return a changed cloud
     * @throws IllegalArgumentException if the URL is not such
     */
    public MicrosoftCloud withLoginUrl(URI url) {
        return new MicrosoftCloud(
                name,
                authority,
                partnerCenterAudience,
                graphAudience,
                checked("login URL", url),
                partnerCenterUrl,
                graphUrl);
    }

    /**
     * Sends Partner Center's requests elsewhere.
     *
     * @param url a base URL without a version; https, or http to loopback
     * @return a changed cloud
     * @throws IllegalArgumentException if the URL is not such
     */
    public MicrosoftCloud withPartnerCenterUrl(URI url) {
        return new MicrosoftCloud(
                name,
                authority,
                partnerCenterAudience,
                graphAudience,
                loginUrl,
                checked("Partner Center URL", url),
                graphUrl);
    }

    /**
     * Sends Graph's requests elsewhere.
     *
     * @param url a base URL without a version; https, or http to loopback
     * @return a changed cloud
     * @throws IllegalArgumentException if the URL is not such
     */
    public MicrosoftCloud withGraphUrl(URI url) {
        return new MicrosoftCloud(
                name,
                authority,
                partnerCenterAudience,
                graphAudience,
                loginUrl,
                partnerCenterUrl,
                checked("Graph URL", url));
    }

    /** A base URL without a slash at its end: https, or http to loopback. */
    static URI checked(String what, URI url) {
        Objects.requireNonNull(url, what);
        String scheme = Objects.toString(url.getScheme(), "").toLowerCase(Locale.ROOT);
        String host = url.getHost();
        if (host == null || url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "The " + what + " must be an absolute URL of scheme, host and path: " + url);
        }
        if (!scheme.equals("https") && !(scheme.equals("http") && LOOPBACK.contains(host))) {
            throw new IllegalArgumentException("The " + what + " must be https (http to loopback alone): " + url);
        }
        String text = url.toString();
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    /**
     * Returns the cloud's name.
     *
     * @return as {@link #named} takes it
     */
    public String name() {
        return name;
    }

    /**
     * Returns the cloud's own token authority, whatever the login URL is.
     *
     * @return the base of authority URLs, without a slash at the end
     */
    public URI authority() {
        return authority;
    }

    /**
     * Returns what tokens for Partner Center are made out to.
     *
     * @return the audience, without a slash at the end
     */
    public URI partnerCenterAudience() {
        return partnerCenterAudience;
    }

    /**
     * Returns what tokens for Graph are made out to.
     *
     * @return the audience, without a slash at the end
     */
    public URI graphAudience() {
        return graphAudience;
    }

    /**
     * Returns where token requests go.
     *
     * @return the base URL, without a slash at the end
     */
    public URI loginUrl() {
        return loginUrl;
    }

    /**
     * Returns where Partner Center's requests go.
     *
     * @return the base URL, without a version and a slash at the end
     */
    public URI partnerCenterUrl() {
        return partnerCenterUrl;
    }

    /**
     * Returns where Graph's requests go.
     *
     * @return the base URL, without a version and a slash at the end
     */
    public URI graphUrl() {
        return graphUrl;
    }

    @Override
    public String toString() {
        return name;
    }
}
