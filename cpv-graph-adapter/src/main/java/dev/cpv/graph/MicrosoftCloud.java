package dev.cpv.graph;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * A Microsoft cloud: where its services are, and the audiences of their tokens. No URL ends with a slash.
 *
 * <p>The base URLs can be replaced, for a proxy or a simulator; scopes and audiences stay those of the cloud. See
 * https://learn.microsoft.com/graph/deployments.
 *
 * @param name the cloud's name, as {@link #named} takes it
 * @param authority the cloud's own token authority, even if the login URL is replaced
 * @param partnerCenterAudience the audience of tokens for Partner Center
 * @param graphAudience the audience of tokens for Graph
 * @param loginUrl where token requests go: https, or http to loopback
 * @param partnerCenterUrl where requests to Partner Center go, without a version: https, or http to loopback
 * @param graphUrl where requests to Graph go, without a version: https, or http to loopback
 */
public record MicrosoftCloud(
        String name,
        URI authority,
        URI partnerCenterAudience,
        URI graphAudience,
        URI loginUrl,
        URI partnerCenterUrl,
        URI graphUrl) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /** The worldwide cloud, GCC included. */
    public static final MicrosoftCloud GLOBAL = of(
            "global",
            "https://login.microsoftonline.com",
            "https://api.partnercenter.microsoft.com",
            "https://graph.microsoft.com");

    /** US government, GCC High (L4). */
    public static final MicrosoftCloud US_GOVERNMENT = of(
            "us-government",
            "https://login.microsoftonline.us",
            "https://api.partnercenter.microsoft.com",
            "https://graph.microsoft.us");

    /** US government, Department of Defense (L5). */
    public static final MicrosoftCloud US_DOD = of(
            "us-dod",
            "https://login.microsoftonline.us",
            "https://api.partnercenter.microsoft.com",
            "https://dod-graph.microsoft.us");

    /** China, operated by 21Vianet. */
    public static final MicrosoftCloud CHINA = of(
            "china",
            "https://login.chinacloudapi.cn",
            "https://partner.partnercenterapi.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn");

    /**
     * Checks the URLs, and removes a slash at the end of each.
     *
     * @throws IllegalArgumentException if a URL is not absolute, is more than scheme, host and path, or is neither https nor http
     *     to loopback
     */
    public MicrosoftCloud {
        Objects.requireNonNull(name, "name");
        authority = checked("authority", authority);
        partnerCenterAudience = checked("Partner Center audience", partnerCenterAudience);
        graphAudience = checked("Graph audience", graphAudience);
        loginUrl = checked("login URL", loginUrl);
        partnerCenterUrl = checked("Partner Center URL", partnerCenterUrl);
        graphUrl = checked("Graph URL", graphUrl);
    }

    private static MicrosoftCloud of(String name, String login, String partnerCenter, String graph) {
        URI authority = URI.create(login);
        URI partnerCenterUrl = URI.create(partnerCenter);
        URI graphUrl = URI.create(graph);
        return new MicrosoftCloud(name, authority, partnerCenterUrl, graphUrl, authority, partnerCenterUrl, graphUrl);
    }

    /**
     * Finds a cloud by name.
     *
     * @param name {@code global}, {@code us-government}, {@code us-dod} or {@code china}
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

    /** Returns this cloud with another base URL for token requests. */
    public MicrosoftCloud withLoginUrl(URI url) {
        return new MicrosoftCloud(
                name, authority, partnerCenterAudience, graphAudience, url, partnerCenterUrl, graphUrl);
    }

    /** Returns this cloud with another base URL for requests to Partner Center. */
    public MicrosoftCloud withPartnerCenterUrl(URI url) {
        return new MicrosoftCloud(name, authority, partnerCenterAudience, graphAudience, loginUrl, url, graphUrl);
    }

    /** Returns this cloud with another base URL for requests to Graph. */
    public MicrosoftCloud withGraphUrl(URI url) {
        return new MicrosoftCloud(
                name, authority, partnerCenterAudience, graphAudience, loginUrl, partnerCenterUrl, url);
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
            throw new IllegalArgumentException("The " + what + " must be https (http only to loopback): " + url);
        }
        String text = url.toString();
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
