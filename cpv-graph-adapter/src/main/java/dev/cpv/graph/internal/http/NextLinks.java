package dev.cpv.graph.internal.http;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Graph's links to the next page of a collection. Only the path of a link is used, and only if the link leads to Graph itself: a
 * link to another host is refused (R24). Immutable.
 */
public final class NextLinks {
    private static final String VERSION = "/v1.0";

    private final Set<String> origins;

    /**
     * Creates the check.
     *
     * @param graphUrls the URLs under which Graph may name its pages: the configured URL, and its own name
     */
    public NextLinks(Collection<URI> graphUrls) {
        origins = graphUrls.stream().map(Wire::origin).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the path of a link.
     *
     * @param link the value of {@code @odata.nextLink}
     * @return path and query after Graph's version, unchanged: blanks and quotes in a query may be unescaped
     * @throws TenantDirectoryException if the link is not a URL, or leads to another host
     */
    public String path(String link) {
        URI place = withoutQuery(link);
        int version = link.indexOf(VERSION + "/");
        if (version < 0 || place.getHost() == null || !origins.contains(Wire.origin(place))) {
            throw failed(
                    FailureCode.FOREIGN_HOST_REFUSED,
                    "Graph's link to the next page names the foreign host " + place.getHost(),
                    null);
        }
        return link.substring(version + VERSION.length());
    }

    private static URI withoutQuery(String link) {
        int query = link.indexOf('?');
        try {
            return URI.create(query < 0 ? link : link.substring(0, query));
        } catch (IllegalArgumentException e) {
            throw failed(FailureCode.ANSWER_UNREADABLE, "Graph's link to the next page is not a URL", e);
        }
    }

    private static TenantDirectoryException failed(FailureCode code, String message, @Nullable Throwable cause) {
        return new TenantDirectoryException(CpvFailure.of(code, message), cause);
    }
}
