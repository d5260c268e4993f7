package dev.cpv.graph.internal.catalog;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.TenantDirectoryException;
import java.util.HashSet;
import java.util.Set;

/** Detects a list whose pages never end. Not thread-safe. */
final class PageChain {
    private static final int MAX_PAGES = 10_000;

    private final Set<String> seen = new HashSet<>();

    /**
     * Refuses a page that was read before, and more pages than any list has.
     *
     * @param next the link or token of the next page
     * @throws TenantDirectoryException if it is refused
     */
    void requireNew(String next) {
        if (!seen.add(next) || seen.size() >= MAX_PAGES) {
            throw new TenantDirectoryException(
                    CpvFailure.of(FailureCode.ANSWER_UNREADABLE, "The pages of a list lead in a circle"), null);
        }
    }
}
