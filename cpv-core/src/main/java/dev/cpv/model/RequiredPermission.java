package dev.cpv.model;

import dev.cpv.internal.json.JsonText;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One permission that the application needs (R1).
 *
 * @param resource the API that publishes the permission
 * @param type whether it is an app role or a scope
 * @param id the GUID of the role or scope (kept in lower case), or its value name such as {@code User.Read.All}: some
 *     resources accept scopes that they do not publish, and those have no GUID
 */
public record RequiredPermission(AppId resource, PermissionType type, String id)
        implements Comparable<RequiredPermission> {
    private static final Comparator<RequiredPermission> ORDER = Comparator.comparing(RequiredPermission::resource)
            .thenComparing(RequiredPermission::type)
            .thenComparing(RequiredPermission::id);

    private static final int MAX_ID = 250;

    /**
     * Creates the permission.
     *
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code id} is neither a GUID nor a value name: printable ASCII without white
     *     space, quotation mark and backslash, as RFC 6749 has it for scopes, at most 250 characters
     */
    public RequiredPermission {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "Neither a GUID nor the value name of a permission: " + JsonText.quote(id));
        }
        if (Guids.isGuid(id)) {
            id = id.toLowerCase(Locale.ROOT);
        }
    }

    /** Returns whether a text can be the id of a permission. Without a regular expression, as {@link Guids#isGuid}. */
    static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_ID
                && text.chars().allMatch(c -> c >= '!' && c <= '~' && c != '"' && c != '\\');
    }

    /** Returns the GUID of the role or scope, or empty if the permission is named by its value. */
    public Optional<UUID> guid() {
        return Guids.find(id);
    }

    @Override
    public int compareTo(RequiredPermission other) {
        return ORDER.compare(this, other);
    }
}
