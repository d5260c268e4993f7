package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a night in a browser. Skipped where there is no Chromium. */
class NightPageInBrowserTest {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 1600;

    @TempDir
    Path home = Path.of("");

    private SimulatedPartner partner;

    @BeforeEach
    void start() {
        partner = new SimulatedPartner(home);
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @Test
    void aBrowserShowsEveryTenantAndWhoMustDoWhat() throws Exception {
        Path browser = browser().orElse(null);
        assumeTrue(browser != null, "there is no Chromium: the page is not shown in a browser");
        SimulatedTenant inSync = partner.inSync("Alpha <b>& Co</b>");
        SimulatedTenant drifted = partner.inSync("Beta").removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
        SimulatedTenant unlicensed = partner.inSync("Gamma")
                .withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION);
        SimulatedTenant disabled =
                partner.inSync("Delta").enableServicePrincipal(partner.credentials.clientId(), false);
        partner.later(Duration.ofHours(1));
        Path page = home.resolve("night.html");

        Outcome night = partner.cpv("nightly", "--once", "--report", page.toString());

        assertThat(night.status()).as(night.toString()).isEqualTo(1);
        String dom = run(Objects.requireNonNull(browser), page, "--dump-dom");
        for (SimulatedTenant tenant : List.of(inSync, drifted, unlicensed, disabled)) {
            assertThat(dom).contains(tenant.id());
        }
        assertThat(dom)
                .contains("Alpha &lt;b&gt;&amp; Co&lt;/b&gt;")
                .contains("User.Read.All")
                .contains("APP_DISABLED_BY_CUSTOMER")
                .contains("Enable sign-in for the partner's enterprise application");
        assertThat(dom).as("nothing is loaded or run").doesNotContain("<script").doesNotContain("http://");
        BufferedImage shown = screenshot(browser, page);
        assertThat(colours(shown)).as("colours of what is shown").hasSizeGreaterThan(20);
    }

    private static Optional<Path> browser() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private BufferedImage screenshot(Path browser, Path page) throws Exception {
        Path image = Files.createDirectories(Path.of("target")).resolve("night.png");
        Files.deleteIfExists(image);
        run(browser, page, "--screenshot=" + image.toAbsolutePath());
        BufferedImage shown = ImageIO.read(image.toFile());
        assertThat(shown.getWidth()).isEqualTo(WIDTH);
        return shown;
    }

    private static Set<Integer> colours(BufferedImage image) {
        Set<Integer> colours = new TreeSet<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }

    private String run(Path browser, Path page, String task) throws IOException, InterruptedException {
        Path out = home.resolve("browser.out");
        List<String> command = new ArrayList<>(List.of(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=" + WIDTH + "," + HEIGHT,
                "--user-data-dir=" + home.resolve("browser"),
                task,
                page.toUri().toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(home.resolve("browser.err").toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("the browser ended").isTrue();
        return Files.readString(out);
    }
}
