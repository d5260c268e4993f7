package dev.cpv.examples.night;

import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetReport;
import dev.cpv.spi.CatalogTenant;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run as one self-contained HTML page that a manager can open: the fleet at a glance, who must do what, and per tenant what
 * was applied and what is not applicable. Tenants are written as they end, to a file beside the page, so memory does not grow with
 * their number (R33); at the end of the run the page appears whole, in place of an earlier one.
 *
 * <pre>{@code
 * try (FleetReportPage page = FleetReportPage.open(Path.of("night.html"))) {
 *     FleetRefresh.builder(client, catalog).addListener(page).build().run(executor);
 * }
 * }</pre>
 *
 * <p>For one run. Called by the run, one call at a time. A fault of the disk is logged by the run and leaves no page. The page names
 * customers and what is wrong at them: put it where only those read it who may.
 */
public final class FleetReportPage implements FleetListener, Closeable {
    private final Path page;
    private final Path rows;
    private final Path whole;
    private @Nullable Writer writer;

    private FleetReportPage(Path page) throws IOException {
        Path directory = Objects.requireNonNull(page.toAbsolutePath().getParent(), "directory");
        this.page = page;
        rows = Files.createTempFile(directory, ".cpv-rows", ".tmp");
        whole = Files.createTempFile(directory, ".cpv-page", ".tmp");
        writer = Files.newBufferedWriter(rows, StandardCharsets.UTF_8);
    }

    /**
     * Opens a page.
     *
     * @param page the file that the page will be; its directory has to be there
     * @return the page, to be added to one run as a listener, and closed after it
     * @throws UncheckedIOException if the directory cannot be written
     */
    public static FleetReportPage open(Path page) {
        try {
            return new FleetReportPage(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void tenantDone(CatalogTenant tenant, CpvResult result) {
        try {
            writer().write(FleetHtml.row(tenant, result));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void ended(FleetReport report) {
        try {
            writer().close();
            writer = null;
            try (BufferedWriter out = Files.newBufferedWriter(whole, StandardCharsets.UTF_8)) {
                out.write(FleetHtml.head(report));
                out.write(FleetHtml.rowsHead());
                try (var in = Files.newBufferedReader(rows, StandardCharsets.UTF_8)) {
                    in.transferTo(out);
                }
                out.write(FleetHtml.rowsFoot());
                out.write(FleetHtml.foot());
            }
            Files.move(whole, page, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Writer writer() {
        Writer open = writer;
        if (open == null) {
            throw new IllegalStateException("The page is closed; it is for one run");
        }
        return open;
    }

    /** Removes what is left beside the page. */
    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
        }
        Files.deleteIfExists(rows);
        Files.deleteIfExists(whole);
    }
}
