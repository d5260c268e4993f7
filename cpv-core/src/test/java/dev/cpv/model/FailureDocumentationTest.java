package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/failures.md} in sync with the table: {@code -Dcpv.update=true} writes it anew. */
class FailureDocumentationTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .resolve("../docs/failures.md")
            .normalize();

    @Test
    void R25_pageOfFailuresIsTheTable() throws IOException {
        String page = page();
        if (Boolean.getBoolean("cpv.update")) {
            Files.createDirectories(PAGE.toAbsolutePath().getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("generated from FailureCode; run this test with -Dcpv.update=true to write it anew")
                .hasContent(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Failures

                <!-- Generated from FailureCode by FailureDocumentationTest. Don't edit. -->

                What a remote service does is never an exception. It is a `CpvFailure`: on the result (`result.failure()`) if it
                stopped the operation as a whole, or on a single permission (`permission.failure()`). Each has a code that won't
                change its meaning, a scope, a remediation (the responsible party and what it does), and the service's own code
                and request id, which Microsoft's support asks for.

                * **Scope** says how far a failure reaches. `PARTNER`: every tenant, so continuing with the next one is useless.
                  `TENANT`: this tenant. `RESOURCE` and `PERMISSION`: one resource or one permission of this tenant, while all
                  others are done.
                * **Retry** says whether the same refresh can succeed later without anybody acting; `result.worthRetrying()`
                  sums that up.
                * A single failure can be more specific than its code: a narrower scope, another remediation.

                The texts are English on every machine. To show them in another language, copy
                `dev/cpv/model/failures.properties` from the jar to a bundle of your own, such as `failures_de.properties`,
                translate its values, and pass it in: `failure.remediation(ResourceBundle.getBundle("failures", Locale.GERMAN))`.
                What a bundle does not contain stays English, and so does a remediation that is more specific than its code.

                New codes may appear in a minor release.
                """);
        for (FailureScope scope : FailureScope.values()) {
            page.append("\n## %s: scope `%s`\n\n".formatted(title(scope), scope));
            page.append("| Code | Means | Retry | Who | What to do |\n| --- | --- | --- | --- | --- |\n");
            Arrays.stream(FailureCode.values())
                    .filter(code -> code.scope() == scope)
                    .forEach(code -> page.append(row(code)));
        }
        return page.toString();
    }

    private static String title(FailureScope scope) {
        return switch (scope) {
            case PARTNER -> "All tenants";
            case TENANT -> "One tenant";
            case RESOURCE -> "One resource";
            case PERMISSION -> "One permission";
        };
    }

    private static String row(FailureCode code) {
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        code,
                        code.meaning(),
                        code.retryable() ? "yes" : "no",
                        code.remediation().party().title(),
                        code.remediation().action());
    }
}
