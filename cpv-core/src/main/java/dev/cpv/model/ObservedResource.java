package dev.cpv.model;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A resource as it was seen in a tenant. Immutable. */
public final class ObservedResource {
    private final AppId id;
    private final String displayName;
    private final Presence presence;
    private final boolean enabled;
    private final @Nullable ResourceDefinition definition;

    private ObservedResource(
            AppId id, String displayName, Presence presence, boolean enabled, @Nullable ResourceDefinition definition) {
        this.id = Objects.requireNonNull(id, "id");
        this.displayName = displayName.isBlank() ? id.toString() : displayName;
        this.presence = presence;
        this.enabled = enabled;
        this.definition = definition;
    }

    /**
     * Makes a resource that has a service principal in the tenant.
     *
     * @param id its application id
     * @param displayName its name for people; blank if unknown
     * @param enabled whether the service principal is enabled
     * @param definition what it publishes, or null if that was not read
     */
    public static ObservedResource present(
            AppId id, String displayName, boolean enabled, @Nullable ResourceDefinition definition) {
        return new ObservedResource(id, displayName, Presence.PRESENT, enabled, definition);
    }

    /**
     * Makes a resource that has no service principal in the tenant.
     *
     * @param id its application id
     * @param displayName its name for people; blank if unknown
     * @param definition what it publishes elsewhere, or null if that is unknown
     */
    public static ObservedResource absent(AppId id, String displayName, @Nullable ResourceDefinition definition) {
        return new ObservedResource(id, displayName, Presence.ABSENT, true, definition);
    }

    /**
     * Makes a resource of a tenant that cannot be observed yet.
     *
     * @param id its application id
     * @param displayName its name for people; blank if unknown
     * @param definition what it publishes elsewhere, or null if that is unknown
     */
    public static ObservedResource unknown(AppId id, String displayName, @Nullable ResourceDefinition definition) {
        return new ObservedResource(id, displayName, Presence.UNKNOWN, true, definition);
    }

    /** Returns this resource as one that was found impossible to add (R15). */
    public ObservedResource asNotCreatable() {
        return new ObservedResource(id, displayName, Presence.NOT_CREATABLE, enabled, definition);
    }

    ObservedResource asPresent() {
        return new ObservedResource(id, displayName, Presence.PRESENT, enabled, definition);
    }

    ObservedResource withDefinition(ResourceDefinition read) {
        return new ObservedResource(id, displayName, presence, enabled, read);
    }

    /** Returns the application id. */
    public AppId id() {
        return id;
    }

    /** Returns the name for people, or the id if the name is unknown. */
    public String displayName() {
        return displayName;
    }

    /** Returns whether it has a service principal in the tenant. */
    public Presence presence() {
        return presence;
    }

    /** Returns whether its service principal is enabled; true where there is none. */
    public boolean enabled() {
        return enabled;
    }

    /** Returns what it publishes, or empty if that was not read. */
    public Optional<ResourceDefinition> definition() {
        return Optional.ofNullable(definition);
    }

    @Override
    public String toString() {
        return displayName + " " + presence + (enabled ? "" : " disabled");
    }

    /** Whether a resource has a service principal in a tenant. This list is complete and won't grow. */
    public enum Presence {
        /** It has one. */
        PRESENT,
        /** It has none. */
        ABSENT,
        /** It has none, and adding one was refused (R15). */
        NOT_CREATABLE,
        /** The tenant cannot be observed yet. */
        UNKNOWN
    }
}
