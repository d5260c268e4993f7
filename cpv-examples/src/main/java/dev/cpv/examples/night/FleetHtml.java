package dev.cpv.examples.night;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.fleet.AttentionItem;
import dev.cpv.fleet.ExpiringAccess;
import dev.cpv.fleet.FleetReport;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import dev.cpv.spi.CatalogTenant;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The parts of the HTML page: one file, no script, no external resources, every text escaped. */
final class FleetHtml {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_LISTED = 200;
    private static final String STYLE = """
            :root{color-scheme:light dark;--line:#8886;--soft:#8881;--bad:#b3261e;--warn:#8a5a00;--good:#1b6e35}
            @media(prefers-color-scheme:dark){:root{--bad:#ff9a92;--warn:#ffc76b;--good:#7fd79a}}
            body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:0 auto;padding:1rem}
            h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}
            dl.glance{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.5rem;padding:0}
            dl.glance div{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}
            dl.glance dt{font-size:.85rem}dl.glance dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums}
            .alarm{border:2px solid var(--bad);border-radius:.5rem;padding:.5rem 1rem}
            .bad{color:var(--bad);font-weight:600}.warn{color:var(--warn);font-weight:600}.good{color:var(--good)}
            .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
            caption{text-align:left;padding:.25rem 0}
            th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
            th,td{min-width:5rem}thead th{background:var(--soft)}
            td ul{margin:0;padding-left:1.1rem;min-width:8.5rem;overflow-wrap:anywhere}
            small{display:block;font-weight:400;opacity:.8;white-space:nowrap}
            @media print{body{max-width:none;padding:0;font-size:10pt}tr{break-inside:avoid}thead{display:table-header-group}}
            """;

    private FleetHtml() {}

    /** The whole page, without the list of tenants. */
    static String page(FleetReport report) {
        return head(report) + foot();
    }

    /** Everything before the list of tenants. */
    static String head(FleetReport report) {
        StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\"")
                .append(" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .append("<title>Fleet report ")
                .append(time(report.run().started()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>Fleet report</h1>\n");
        html.append("<p>").append(escape(sentence(report))).append("</p>\n");
        report.alarm()
                .ifPresent(alarm -> html.append("<section class=\"alarm\" role=\"alert\">\n<h2>")
                        .append(escape("The run stopped: " + alarm.code().meaning()))
                        .append("</h2>\n<p>")
                        .append(escape(alarm.message()))
                        .append("</p>\n<p><strong>")
                        .append(escape(alarm.remediation().toString()))
                        .append("</strong></p>\n</section>\n"));
        glance(report, html);
        attention(report, html);
        accessEnding(report, html);
        if (!report.remarks().isEmpty()) {
            html.append("<h2>Remarks</h2>\n").append(list(report.remarks())).append('\n');
        }
        return html.toString();
    }

    private static String sentence(FleetReport report) {
        String what = report.planOnly() ? "A dry run" : "A run";
        return what + " over " + report.total() + " tenants, "
                + time(report.run().started())
                + report.run().ended().map(end -> " to " + time(end)).orElse("")
                + ", " + state(report) + ", " + report.requests() + " requests. Run "
                + report.run().id() + ".";
    }

    private static String state(FleetReport report) {
        return switch (report.run().state()) {
            case DONE -> "complete";
            case CANCELLED -> "cancelled before its end";
            case STOPPED -> "stopped by an alarm";
            case RUNNING -> "not ended";
        };
    }

    private static void glance(FleetReport report, StringBuilder html) {
        html.append("<h2>At a glance</h2>\n<dl class=\"glance\">\n");
        report.outcomes().forEach((outcome, count) -> card(html, title(outcome), count));
        report.changes().forEach((change, count) -> card(html, change.title(), count));
        int ending = report.accessEnding().size() + report.accessEndingOmitted();
        if (ending > 0) {
            card(html, "access ends soon", ending);
        }
        html.append("</dl>\n");
    }

    private static void card(StringBuilder html, String title, int count) {
        html.append("<div><dt>")
                .append(escape(title))
                .append("</dt><dd>")
                .append(count)
                .append("</dd></div>\n");
    }

    private static void attention(FleetReport report, StringBuilder html) {
        html.append("<h2>Action needed</h2>\n");
        if (report.attention().isEmpty() && report.attentionOmitted() == 0) {
            html.append("<p>No tenant needs attention.</p>\n");
            return;
        }
        html.append(table(
                "Tenants for which somebody has to act" + omitted(report.attentionOmitted()),
                "Tenant",
                "Outcome",
                "Responsible",
                "What to do",
                "Why"));
        for (AttentionItem entry : report.attention()) {
            Optional<CpvFailure> failure = entry.failure();
            html.append("<tr><th scope=\"row\">")
                    .append(tenant(entry.label(), entry.tenant().toString()))
                    .append("</th><td>")
                    .append(outcome(entry.outcome()))
                    .append(entry.change()
                            .map(change -> "<small>" + escape(change.title()) + "</small>")
                            .orElse(""))
                    .append("</td><td>")
                    .append(escape(
                            failure.map(f -> f.remediation().party().title()).orElse("Partner")))
                    .append("</td><td>")
                    .append(escape(failure.map(f -> f.remediation().action())
                            .orElse("Find out who removes permissions between the runs.")))
                    .append("</td><td>")
                    .append(escape(failure.map(CpvFailure::toString)
                            .orElse("Permissions are missing that the last run had granted.")))
                    .append("</td></tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static String omitted(int count) {
        return count == 0 ? "" : "; " + count + " more are not listed";
    }

    private static void accessEnding(FleetReport report, StringBuilder html) {
        if (report.accessEnding().isEmpty() && report.accessEndingOmitted() == 0) {
            return;
        }
        html.append("<h2>Access that ends soon</h2>\n")
                .append(table(
                        "Tenants in which the partner's access (GDAP) ends within 30 days, unless it is renewed or set to"
                                + " extend automatically" + omitted(report.accessEndingOmitted()),
                        "Tenant",
                        "Ends"));
        for (ExpiringAccess entry : report.accessEnding()) {
            html.append("<tr><th scope=\"row\">")
                    .append(tenant(entry.label(), entry.tenant().toString()))
                    .append("</th><td>")
                    .append(time(entry.ends()))
                    .append("</td></tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    /** The beginning of the list of tenants. */
    static String rowsHead() {
        return "<h2>Tenants</h2>\n"
                + table(
                        "Every tenant, in the order in which they ended. Permissions that apply only to the partner tenant are"
                                + " omitted",
                        "Tenant",
                        "Outcome",
                        "Applied",
                        "Not applicable",
                        "Open, and what to do");
    }

    static String row(CatalogTenant tenant, CpvResult result) {
        return "<tr><th scope=\"row\">" + tenant(tenant.label(), tenant.id().toString()) + "</th><td>"
                + outcome(result.outcome()) + "</td><td>" + applied(result) + "</td><td>"
                + list(permissions(result, Status.NOT_APPLICABLE)) + "</td><td>" + open(result) + "</td></tr>\n";
    }

    static String rowsFoot() {
        return "</tbody></table></div>\n";
    }

    static String foot() {
        return "</main>\n</body>\n</html>\n";
    }

    private static String applied(CpvResult result) {
        List<String> granted = permissions(result, Status.GRANTED);
        List<String> expected = permissions(result, Status.MISSING).stream()
                .map(text -> "would be granted: " + text)
                .toList();
        List<String> revoked = result.extras().stream()
                .filter(ExtraPermission::revoked)
                .map(extra -> "revoked: " + extra.value() + " (" + extra.resource() + ")")
                .toList();
        List<String> all = new ArrayList<>(granted);
        all.addAll(expected);
        all.addAll(revoked);
        return list(all);
    }

    private static String open(CpvResult result) {
        List<String> all = new ArrayList<>();
        result.failure().ifPresent(failure -> all.add(failure + " " + failure.remediation()));
        if (result.failure().isEmpty()) {
            all.addAll(permissions(result, Status.NOT_OFFERED));
            all.addAll(permissions(result, Status.FAILED));
        }
        result.notices().forEach(notice -> all.add(notice.message()));
        return list(all);
    }

    /** Joins the permissions of one resource that share a reason. Omits those that apply only to the partner tenant. */
    private static List<String> permissions(CpvResult result, Status status) {
        Map<String, List<String>> alike = new LinkedHashMap<>();
        result.permissions().stream()
                .filter(permission -> permission.status() == status)
                .filter(permission -> permission
                        .failure()
                        .filter(failure -> failure.code() == FailureCode.PARTNER_RESOURCE)
                        .isEmpty())
                .forEach(permission -> alike.computeIfAbsent(kind(permission), kind -> new ArrayList<>())
                        .add(permission.value().orElse(permission.permission().id())));
        return alike.entrySet().stream()
                .map(kind -> String.join(", ", kind.getValue()) + kind.getKey())
                .toList();
    }

    private static String kind(PermissionOutcome outcome) {
        return " (" + outcome.permission().type().name().toLowerCase(Locale.ROOT) + ", "
                + outcome.permission().resource() + ")"
                + outcome.failure().map(failure -> ": " + described(failure)).orElse("");
    }

    private static String described(CpvFailure failure) {
        boolean concernsSomebody = failure.remediation().party() != Remediation.Party.NOBODY;
        return failure.message() + (concernsSomebody ? ". " + failure.remediation() : "");
    }

    private static String tenant(String label, String id) {
        return label.equals(id) ? escape(id) : escape(label) + "<small>" + escape(id) + "</small>";
    }

    private static String outcome(RefreshOutcome outcome) {
        String style = switch (outcome) {
            case UP_TO_DATE, UPDATED, OFFBOARDED -> "good";
            case FAILED -> "bad";
            case PARTIAL, DRIFTED, CANCELLED, NOT_ATTEMPTED -> "warn";
            default -> "";
        };
        return "<span class=\"" + style + "\">" + escape(title(outcome)) + "</span>";
    }

    private static String title(RefreshOutcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String table(String caption, String... columns) {
        StringBuilder html = new StringBuilder("<div class=\"wide\"><table><caption>")
                .append(escape(caption))
                .append("</caption><thead><tr>");
        for (String column : columns) {
            html.append("<th scope=\"col\">").append(escape(column)).append("</th>");
        }
        return html.append("</tr></thead><tbody>\n").toString();
    }

    private static String list(List<String> texts) {
        if (texts.isEmpty()) {
            return "";
        }
        return texts.stream()
                        .limit(MAX_LISTED)
                        .map(text -> "<li>" + escape(text) + "</li>")
                        .collect(Collectors.joining("", "<ul>", ""))
                + (texts.size() > MAX_LISTED ? "<li>and " + (texts.size() - MAX_LISTED) + " more</li>" : "") + "</ul>";
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** Escapes a text for use in an element or an attribute. */
    static String escape(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.appendCodePoint(isHarmless(c) ? c : ' ');
            }
        });
        return html.toString();
    }

    /** False for control characters, unpaired surrogates, and characters that change the writing direction. */
    private static boolean isHarmless(int c) {
        boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        boolean turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        return !Character.isISOControl(c) && !half && !turns;
    }
}
