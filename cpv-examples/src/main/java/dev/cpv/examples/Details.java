package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Notice;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanNames;
import dev.cpv.model.RefreshOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The details of one tenant that its row in the table does not show: a pure function of the result. */
final class Details {
    private static final int MOST_NAMES = 6;
    private static final int MOST_BY_RESOURCE = 20;

    private final List<String> paragraphs = new ArrayList<>();

    private Details() {}

    /** Returns paragraphs, each of which starts with its subject. */
    static List<String> of(CpvResult result) {
        Details details = new Details();
        details.addResult(result);
        result.failure().ifPresent(failure -> details.addFailure(what(result.outcome()), failure, ""));
        return details.paragraphs;
    }

    private static String what(RefreshOutcome outcome) {
        return switch (outcome) {
            case SKIPPED -> "skipped";
            case CANCELLED -> "cancelled";
            case NOT_ATTEMPTED -> "not attempted";
            default -> "failed";
        };
    }

    /** Returns the permissions that are not applicable to any customer, which are printed once, below the table. */
    static List<String> everywhere(CpvResult result) {
        return with(result, Status.NOT_APPLICABLE).stream()
                .filter(permission -> isEverywhere(permission.failure()))
                .flatMap(permission -> permission.failure().map(CpvFailure::message).stream())
                .map(ResourceNames::in)
                .distinct()
                .toList();
    }

    private void addResult(CpvResult result) {
        addGranted(with(result, Status.GRANTED));
        result.findPlan().ifPresent(plan -> addPlan(plan));
        addReasons("not applicable", with(result, Status.NOT_APPLICABLE));
        addReasons("not offered", with(result, Status.NOT_OFFERED));
        addFailures(result);
        addExtras(result);
        addNotices(result);
    }

    private static List<PermissionOutcome> with(CpvResult result, Status status) {
        return result.permissions().stream()
                .filter(permission -> permission.status() == status)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void add(String what, AppId resource, String text) {
        paragraphs.add(what + ": " + ResourceNames.of(resource) + ": " + text);
    }

    private void addGranted(List<PermissionOutcome> granted) {
        Map<AppId, List<PermissionOutcome>> byResource = byResource(granted);
        if (granted.size() > MOST_BY_RESOURCE) {
            paragraphs.add("added: " + names(granted) + " on " + byResource.size()
                    + (byResource.size() == 1 ? " resource" : " resources"));
        } else {
            byResource.forEach((resource, some) -> add("added", resource, names(some)));
        }
    }

    private static Map<AppId, List<PermissionOutcome>> byResource(List<PermissionOutcome> permissions) {
        return grouped(
                permissions.stream(), permission -> permission.permission().resource());
    }

    private static <K, V> Map<K, List<V>> grouped(Stream<V> values, Function<V, K> key) {
        return values.collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    // What is planned

    private void addPlan(CpvRefreshPlan plan) {
        if (plan.isEmpty()) {
            return;
        }
        String tenant = plan.names().tenant();
        paragraphs.add("would do" + (tenant.isEmpty() ? "" : " in " + tenant) + ": "
                + plan.steps().size() + (plan.steps().size() == 1 ? " step" : " steps")
                + (plan.needsConsent() ? "; the steps after the consent are an estimate" : ""));
        PlanNames names = ResourceNames.besides(plan.names());
        plan.steps().forEach(step -> paragraphs.add("- " + step.describe(names)));
    }

    // Permissions that are not granted

    private void addReasons(String what, List<PermissionOutcome> permissions) {
        permissions.removeIf(permission -> isEverywhere(permission.failure()));
        grouped(permissions.stream(), Details::reason)
                .forEach((reason, some) ->
                        paragraphs.add(what + ": " + ResourceNames.in(reason) + " (" + names(some) + ")"));
    }

    private static String reason(PermissionOutcome permission) {
        return permission.failure().map(CpvFailure::message).orElse("no reason");
    }

    /** What is the same for every customer is printed once, below the table. */
    private static boolean isEverywhere(Optional<CpvFailure> reason) {
        return reason.filter(failure -> failure.code() == FailureCode.PARTNER_RESOURCE)
                .isPresent();
    }

    /** A failure of the whole operation is printed once, not for each permission. */
    private void addFailures(CpvResult result) {
        Map<CpvFailure, List<PermissionOutcome>> failures = new LinkedHashMap<>();
        for (PermissionOutcome permission : result.permissions()) {
            if (permission.status() == Status.FAILED) {
                permission
                        .failure()
                        .filter(failure ->
                                !result.failure().map(failure::equals).orElse(false))
                        .ifPresent(failure -> failures.computeIfAbsent(failure, f -> new ArrayList<>())
                                .add(permission));
            }
        }
        failures.forEach((failure, permissions) -> addFailure(
                "failed",
                failure,
                byResource(permissions).entrySet().stream()
                        .map(some -> ResourceNames.of(some.getKey()) + ": " + names(some.getValue()) + ". ")
                        .collect(Collectors.joining())));
    }

    private void addFailure(String what, CpvFailure failure, String which) {
        String service = failure.serviceCode()
                .filter(code -> !failure.message().contains(code))
                .map(code -> " (" + code + ")")
                .orElse("");
        paragraphs.add(what + ": " + which + failure.code() + service + ": " + ResourceNames.in(failure.message())
                + failure.requestId().map(id -> " [request " + id + "]").orElse(""));
        paragraphs.add("to do: " + failure.remediation() + (failure.retryable() ? " A retry may succeed." : ""));
    }

    // Extra permissions

    private void addExtras(CpvResult result) {
        grouped(result.extras().stream(), ExtraPermission::resource).forEach((resource, extras) -> {
            addExtras(
                    "extra, kept",
                    resource,
                    extras.stream().filter(extra -> !extra.revoked()).toList());
            addExtras(
                    "extra, revoked",
                    resource,
                    extras.stream().filter(ExtraPermission::revoked).toList());
        });
    }

    private void addExtras(String what, AppId resource, List<ExtraPermission> extras) {
        if (!extras.isEmpty()) {
            add(what, resource, names(extras, ExtraPermission::type, ExtraPermission::value));
        }
    }

    /** Leaves out notices that repeat why something is not applicable. */
    private void addNotices(CpvResult result) {
        List<String> reasons = with(result, Status.NOT_APPLICABLE).stream()
                .map(Details::reason)
                .toList();
        for (Notice notice : result.notices()) {
            if (!reasons.contains(notice.message())) {
                add("notice", notice.resource(), ResourceNames.in(notice.message()));
            }
        }
    }

    // Names

    private static String names(List<PermissionOutcome> permissions) {
        return names(
                permissions,
                permission -> permission.permission().type(),
                permission -> permission.value().orElse(""));
    }

    /** Lists up to a few permissions by name; counts them if there are more, or if a name is unknown. */
    private static <T> String names(List<T> all, Function<T, PermissionType> type, Function<T, String> name) {
        boolean named = all.size() <= MOST_NAMES && all.stream().map(name).noneMatch(String::isEmpty);
        List<String> parts = new ArrayList<>();
        grouped(all.stream(), type).forEach((kind, some) -> {
            String noun = (kind == PermissionType.APPLICATION ? "app role" : "scope") + (some.size() == 1 ? "" : "s");
            parts.add(
                    named
                            ? noun + " " + some.stream().map(name).collect(Collectors.joining(", "))
                            : some.size() + " " + noun);
        });
        return String.join(" and ", parts);
    }
}
