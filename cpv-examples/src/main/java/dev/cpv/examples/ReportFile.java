package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.examples.night.FleetReportPage;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetReport;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes the page of each run, replacing the previous one. If writing fails, the run logs it and continues. */
final class ReportFile implements FleetListener {
    private final Path file;
    private @Nullable FleetReportPage page;

    private ReportFile(Path file) {
        this.file = file;
    }

    /**
     * Checks that a page can be written there.
     *
     * @throws ConfigurationException if it cannot
     */
    static ReportFile at(Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigurationException("--report " + file + " is a directory: give a file.");
        }
        try {
            FleetReportPage.open(file).close();
            return new ReportFile(file);
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException(
                    "--report " + file + " cannot be written: give a file in an existing, writable directory.");
        }
    }

    @Override
    public void started(RunRecord run, int total) {
        page = FleetReportPage.open(file);
    }

    @Override
    public void tenantDone(CatalogTenant tenant, CpvResult result) {
        if (page != null) {
            page.tenantDone(tenant, result);
        }
    }

    @Override
    public void ended(FleetReport report) {
        if (page == null) {
            return;
        }
        try (FleetReportPage open = page) {
            open.ended(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            page = null;
        }
    }
}
