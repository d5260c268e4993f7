package dev.cpv.examples;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The tenants that were named on the command line. */
final class TenantNames {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}");

    private TenantNames() {}

    /**
     * Checks the names.
     *
     * @return each name once, in lower case, in the order given
     * @throws ConfigurationException if one is neither a GUID nor a domain
     */
    static List<String> distinct(List<String> names) {
        Set<String> distinct = new LinkedHashSet<>();
        for (String name : names) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (!GUID.matcher(lower).matches() && !DOMAIN.matcher(lower).matches()) {
                throw new ConfigurationException(
                        "'" + name + "' is neither a GUID nor a domain: give a tenant's GUID, or a"
                                + " domain such as contoso.onmicrosoft.com. Nothing was sent.");
            }
            distinct.add(lower);
        }
        return List.copyOf(distinct);
    }
}
