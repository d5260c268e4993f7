package dev.cpv.examples.night;

import static dev.cpv.examples.night.Fleet.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.fleet.FleetReport;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.CatalogTenant;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class FleetReportPageTest {
    private static final String NASTY = "<script>alert('1')</script>&\"\u202E\uD800\u0000";

    @TempDir
    private Path directory;

    private final Fleet fleet = new Fleet();

    @Test
    void pageTellsOfEveryTenantAndOfWhoMustDoWhat() throws Exception {
        fleet.with(3);
        fleet.listed.set(1, CatalogTenant.of(id(1), NASTY));
        fleet.tenant(1).failNext(CpvFailure.of(FailureCode.CONDITIONAL_ACCESS_BLOCKED, "Blocked by " + NASTY));
        fleet.tenant(2).withUnavailableResource(AppId.MICROSOFT_GRAPH);
        Path file = directory.resolve("night.html");
        Files.writeString(file, "old");
        FleetReport report;
        try (FleetReportPage page = FleetReportPage.open(file)) {
            report = fleet.builder().addListener(page).build().run(Runnable::run);
        }

        String html = Files.readString(file);
        for (int i = 0; i < 3; i++) {
            assertThat(html).contains(id(i).toString());
        }
        assertThat(html)
                .contains("Customer 0")
                .contains("User.Read.All")
                .contains(FleetHtml.escape(
                        FailureCode.CONDITIONAL_ACCESS_BLOCKED.remediation().action()))
                .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;")
                .contains(report.run().id().toString());
        assertIsHarmlessAndWellFormed(html);
        assertIsHarmlessAndWellFormed(FleetHtml.page(report));
        assertThat(files()).containsExactly("night.html");
    }

    @Test
    void alarmStandsFirst() throws Exception {
        fleet.with(2);
        fleet.tenant(0).failNext(CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "On purpose"));
        fleet.tenant(1).failNext(CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "On purpose"));

        String html = FleetHtml.page(fleet.run());

        assertThat(html.indexOf("role=\"alert\"")).isBetween(0, html.indexOf("At a glance"));
        assertThat(html).contains("Sign the service account in again with MFA");
        assertIsHarmlessAndWellFormed(html);
    }

    @Test
    void accessThatEndsSoonHasItsOwnSection() throws Exception {
        fleet.with(1);
        assertThat(FleetHtml.page(fleet.run())).doesNotContain("Access that ends soon");
        Instant ends = fleet.clock.instant().plus(Duration.ofDays(2));
        fleet.listed.set(
                0,
                new CatalogTenant(
                        id(0), NASTY, new TreeSet<>(), Optional.empty(), Optional.empty(), Optional.of(ends)));

        String html = FleetHtml.page(fleet.run());

        assertThat(html.substring(html.indexOf("Access that ends soon")))
                .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;", id(0).toString())
                .contains("2026-11-03 00:00:00 UTC");
        assertIsHarmlessAndWellFormed(html);
    }

    @Test
    void pageOfARunThatNeverEndedLeavesNothingBehind() throws Exception {
        Path file = directory.resolve("night.html");
        FleetReportPage.open(file).close();

        assertThat(files()).isEmpty();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** The JDK's XML parser reads the page once the void elements are closed: every text is escaped, every element ends. */
    private static void assertIsHarmlessAndWellFormed(String html) throws Exception {
        String body = html.substring(html.indexOf("<html")).replaceAll("<(meta [^>]*)>", "<$1/>");
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(body)));
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("main").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("h1").getLength()).isEqualTo(1);
        assertThat(html).doesNotContainPattern("(?i)\\s(src|href|on[a-z]+)=|url\\(|@import");
        assertThat(html).doesNotContain("\u202E").doesNotContain("\u0000");
    }
}
