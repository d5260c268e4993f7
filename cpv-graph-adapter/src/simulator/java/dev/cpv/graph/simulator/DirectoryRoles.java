package dev.cpv.graph.simulator;

import java.util.Set;

/** Template ids of the Entra directory roles that matter to a permissions refresh. */
public final class DirectoryRoles {
    /** Global Administrator. */
    public static final String GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

    /** Application Administrator. */
    public static final String APPLICATION_ADMINISTRATOR = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";

    /** Cloud Application Administrator. */
    public static final String CLOUD_APPLICATION_ADMINISTRATOR = "158c047a-c907-4556-b7ef-446551a6b5f7";

    /** Privileged Role Administrator, needed to assign app roles of Microsoft Graph. */
    public static final String PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814";

    /** User Administrator. */
    public static final String USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1";

    /** Directory Writers. */
    public static final String DIRECTORY_WRITERS = "9360feb5-f418-4baa-8175-e2a00bac4301";

    /** Directory Readers. */
    public static final String DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";

    /** Global Reader. */
    public static final String GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

    /** Compliance Administrator. */
    public static final String COMPLIANCE_ADMINISTRATOR = "17315797-102d-40b4-93e0-432062caca18";

    /** The roles in the relationship of a new customer: enough for every step of a refresh. */
    public static final Set<String> STANDARD = Set.of(
            APPLICATION_ADMINISTRATOR,
            CLOUD_APPLICATION_ADMINISTRATOR,
            PRIVILEGED_ROLE_ADMINISTRATOR,
            USER_ADMINISTRATOR,
            GLOBAL_READER);

    private DirectoryRoles() {}

    /** Whether one of the roles allows Partner Center to consent, and Graph to create service principals. */
    static boolean managesApplications(Set<String> roles) {
        return roles.contains(APPLICATION_ADMINISTRATOR)
                || roles.contains(CLOUD_APPLICATION_ADMINISTRATOR)
                || roles.contains(GLOBAL_ADMINISTRATOR);
    }
}
