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
 * Writes a run as one self-contained HTML page for people: the fleet at a glance, the responsible parties and what to do, and what was
 * applied in each tenant. Tenants are written as they end, to a file beside the page, so memory does not grow with their number (R33).
 * At the end of the run the complete page replaces an earlier one.
 *
 * <pre>{@code
 * try (FleetReportPage page = FleetReportPage.open(Path.of("night.html"))) {
 *     FleetRefresh.builder(client, catalog).addListener(page).build().run(executor);
 * }
 * }</pre>
 *
 * <p>For one run. The run calls it, one call at a time. If the disk fails, the run logs it and no page is written. The page names
 * customers and their problems: store it where only people who may know them can read it.
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
     * Starts a page.
     *
     * @param page the file to write; its directory must exist
     * @return the page; add it to one run as a listener, and close it after the run
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

    /** Removes the temporary files beside the page. */
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
