package dev.cpv.examples;

import dev.cpv.model.AppId;
import dev.cpv.model.PlanNames;
import java.util.HashMap;
import java.util.Map;

/** The names of Microsoft's own resources, which have the same application ids everywhere. */
final class ResourceNames {
    private static final Map<AppId, String> NAMES = Map.ofEntries(
            Map.entry(AppId.of("00000003-0000-0000-c000-000000000000"), "Microsoft Graph"),
            Map.entry(AppId.of("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"), "Microsoft Partner Center"),
            Map.entry(AppId.of("00000002-0000-0ff1-ce00-000000000000"), "Office 365 Exchange Online"),
            Map.entry(AppId.of("00000003-0000-0ff1-ce00-000000000000"), "Office 365 SharePoint Online"),
            Map.entry(AppId.of("c5393580-f805-4401-95e8-94b7a6ef2fc2"), "Office 365 Management APIs"),
            Map.entry(AppId.of("48ac35b8-9aa8-4d74-927d-1f4a14a0b239"), "Skype and Teams Tenant Admin API"),
            Map.entry(AppId.of("fc780465-2017-40d4-a0c5-307022471b92"), "WindowsDefenderATP"),
            Map.entry(AppId.of("00000012-0000-0000-c000-000000000000"), "Microsoft Rights Management Services"),
            Map.entry(AppId.of("aeb86249-8ea3-49e2-900b-54cc8e308f85"), "M365 License Manager"),
            Map.entry(AppId.of("00000006-0000-0ff1-ce00-000000000000"), "Microsoft Office 365 Portal"),
            Map.entry(AppId.of("797f4846-ba00-4fd7-ba43-dac1f8f63013"), "Azure Service Management"));

    private ResourceNames() {}

    static String of(AppId resource) {
        return NAMES.getOrDefault(resource, resource.toString());
    }

    /** The names of a plan, and these for resources that the tenant does not have yet. */
    static PlanNames besides(PlanNames names) {
        Map<AppId, String> resources = new HashMap<>(NAMES);
        resources.putAll(names.resources());
        return new PlanNames(names.tenant(), resources, names.permissions());
    }

    /** Replaces application ids in a text by names. */
    static String in(String text) {
        String readable = text;
        for (Map.Entry<AppId, String> name : NAMES.entrySet()) {
            readable = readable.replace(name.getKey().toString(), name.getValue());
        }
        return readable;
    }
}
