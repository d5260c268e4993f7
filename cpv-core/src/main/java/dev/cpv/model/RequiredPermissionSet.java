package dev.cpv.model;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The permissions that the application needs in a tenant, and the named sets that request each (R1).
 *
 * <p>Usually read from the application's manifest, as the Entra portal downloads it:
 *
 * <pre>{@code
 * RequiredPermissionSet required = RequiredPermissionSet.fromManifest(Path.of("manifest.json"));
 * }</pre>
 *
 * <p>Two sets are equal if they hold the same permissions; which sets request them is not compared. Immutable.
 */
public final class RequiredPermissionSet {
    /** The name under which cpv adds the scopes that it needs itself (R5). */
    public static final String BOOTSTRAP = "cpv-bootstrap";

    private static final String MANIFEST = "manifest";
    private static final Comparator<RequiredPermission> IGNORING_CASE = Comparator.comparing(
                    RequiredPermission::resource)
            .thenComparing(RequiredPermission::type)
            .thenComparing(RequiredPermission::id, String.CASE_INSENSITIVE_ORDER);

    private final SortedMap<RequiredPermission, SortedSet<String>> sources;
    private final Map<AppId, List<WantedPermission>> byResource;
    private final SortedSet<AppId> resources;
    private final Map<RequiredPermission, SortedSet<String>> requesters = new HashMap<>();
    private final String fingerprint;

    private RequiredPermissionSet(SortedMap<RequiredPermission, SortedSet<String>> sources) {
        this.sources = sources;
        this.byResource = sources.keySet().stream()
                .map(WantedPermission::of)
                .collect(Collectors.groupingBy(wanted -> wanted.permission().resource()));
        this.resources = Collections.unmodifiableSortedSet(new TreeSet<>(byResource.keySet()));
        this.fingerprint = fingerprint(sources.keySet());
        sources.forEach((permission, names) -> requesters.put(permission, Collections.unmodifiableSortedSet(names)));
    }

    /**
     * Reads a manifest file under the name {@code manifest}.
     *
     * @param file an Entra application manifest, the JSON of a Graph {@code application}, or the bare array
     *     {@code requiredResourceAccess}, in UTF-8
     * @throws ManifestFormatException if the content is not such a manifest, or larger than 4 MiB (R2)
     * @throws UncheckedIOException if the file cannot be read
     */
    public static RequiredPermissionSet fromManifest(Path file) {
        return fromManifest(MANIFEST, file);
    }

    /**
     * Reads a manifest file under a name of the caller's choice.
     *
     * @param name the set's name, reported with each of its permissions
     * @param file as for {@link #fromManifest(Path)}
     * @throws ManifestFormatException if the content is not such a manifest, or larger than 4 MiB (R2)
     * @throws UncheckedIOException if the file cannot be read
     */
    public static RequiredPermissionSet fromManifest(String name, Path file) {
        return ManifestJson.read(name, file);
    }

    /**
     * Reads a manifest from its text.
     *
     * @param name the set's name, reported with each of its permissions
     * @param json the text, as for {@link #fromManifest(Path)}
     * @throws ManifestFormatException if the text is not such a manifest, or longer than 4 MiB (R2)
     */
    public static RequiredPermissionSet fromManifestJson(String name, String json) {
        return ManifestJson.read(name, "The manifest", Objects.requireNonNull(json, "json"));
    }

    /**
     * Returns the scopes that cpv needs itself in every tenant (R5): to assign app roles, to write delegated permission
     * grants, and to read and create service principals.
     *
     * @return {@code AppRoleAssignment.ReadWrite.All}, {@code DelegatedPermissionGrant.ReadWrite.All} and
     *     {@code Application.ReadWrite.All} of Microsoft Graph, under the name {@value #BOOTSTRAP}
     */
    public static RequiredPermissionSet bootstrap() {
        return BootstrapScopes.defaults();
    }

    /**
     * Returns the scopes of {@link #bootstrap()} as Microsoft Graph publishes them: GUIDs and value names, sorted by name. For
     * directories and their tests, which need both names of a scope.
     */
    public static List<PublishedScope> bootstrapScopes() {
        return BootstrapScopes.published();
    }

    /**
     * Starts a set in code.
     *
     * @param name the set's name, reported with each of its permissions
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Returns a set of this one and another. A permission in both, even if spelled in another case, is requested by
     * both.
     */
    public RequiredPermissionSet plus(RequiredPermissionSet other) {
        return sum(List.of(sources, other.sources));
    }

    /** Spellings that differ in case name one permission; the one that sorts first stays, whatever the order of input. */
    private static RequiredPermissionSet sum(List<SortedMap<RequiredPermission, SortedSet<String>>> parts) {
        SortedMap<RequiredPermission, RequiredPermission> spelling = new TreeMap<>(IGNORING_CASE);
        for (SortedMap<RequiredPermission, SortedSet<String>> part : parts) {
            part.keySet().forEach(p -> spelling.merge(p, p, (one, two) -> one.compareTo(two) <= 0 ? one : two));
        }
        SortedMap<RequiredPermission, SortedSet<String>> sum = new TreeMap<>();
        for (SortedMap<RequiredPermission, SortedSet<String>> part : parts) {
            part.forEach((permission, names) -> sum.computeIfAbsent(
                            spelling.getOrDefault(permission, permission), p -> new TreeSet<>())
                    .addAll(names));
        }
        return new RequiredPermissionSet(sum);
    }

    /** Returns the permissions, sorted by resource, type and id. */
    public Set<RequiredPermission> permissions() {
        return Collections.unmodifiableSet(sources.keySet());
    }

    /** The permissions of one resource, sorted by type and id. */
    List<WantedPermission> wanted(AppId resource) {
        return byResource.getOrDefault(resource, List.of());
    }

    /** Returns the application ids of the resources that the permissions belong to, sorted. */
    public SortedSet<AppId> resources() {
        return resources;
    }

    /** Returns the names of the sets that request a permission, sorted; empty if it is not in this set. */
    public SortedSet<String> requestedBy(RequiredPermission permission) {
        return requesters.getOrDefault(permission, Collections.emptySortedSet());
    }

    /**
     * Returns a digest of the permissions, to see whether the requirement changed: a SHA-256 in lower-case hexadecimal
     * digits, the same on every JVM for equal sets.
     */
    public String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(Set<RequiredPermission> permissions) {
        MessageDigest digest = sha256();
        for (RequiredPermission permission : permissions) {
            String line = permission.resource() + " " + permission.type() + " " + permission.id() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Prints the set as indented JSON, the bare array {@code requiredResourceAccess}; {@link #fromManifestJson} reads
     * it back.
     */
    public String toManifestJson() {
        return ManifestJson.text(this);
    }

    /** The SHA-256 of a text in lower-case hexadecimal digits. */
    static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof RequiredPermissionSet that
                        && sources.keySet().equals(that.sources.keySet()));
    }

    @Override
    public int hashCode() {
        return sources.keySet().hashCode();
    }

    @Override
    public String toString() {
        return sources.size() + " permissions on " + resources().size() + " resources, "
                + fingerprint().substring(0, 12);
    }

    /** Builds a set in code. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final SortedMap<RequiredPermission, SortedSet<String>> sources = new TreeMap<>();

        private Builder(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("The name of a permission set must not be blank");
            }
            this.name = name;
        }

        /**
         * Adds an app role.
         *
         * @param resource the resource that publishes it
         * @param id its GUID or value name
         * @throws IllegalArgumentException if {@code id} is neither
         */
        public Builder application(AppId resource, String id) {
            return add(new RequiredPermission(resource, PermissionType.APPLICATION, id));
        }

        /**
         * Adds a scope.
         *
         * @param resource the resource that publishes or accepts it
         * @param id its GUID or value name
         * @throws IllegalArgumentException if {@code id} is neither
         */
        public Builder delegated(AppId resource, String id) {
            return add(new RequiredPermission(resource, PermissionType.DELEGATED, id));
        }

        /**
         * Adds a permission. One that differs from another in case alone is the same; the spelling that sorts first stays.
         */
        public Builder add(RequiredPermission permission) {
            sources.computeIfAbsent(permission, p -> new TreeSet<>()).add(name);
            return this;
        }

        /** Builds the set of what was added so far. */
        public RequiredPermissionSet build() {
            return sum(List.of(sources));
        }
    }
}
