package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.fleet.ExpiringAccess;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetReport;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;
import java.io.PrintStream;
import java.util.List;

/** Reports tenants as they end, the progress, and the summary. For one run at a time; not thread-safe. */
final class Results implements FleetListener {
    private final Surroundings surroundings;
    private final boolean json;
    private final List<CpvResult> notFound;
    private Printer printer;
    private Progress progress = new Progress.None();
    private Tally tally = new Tally();

    Results(Surroundings surroundings, boolean json) {
        this(surroundings, json, List.of());
    }

    /** Also reports names without a tenant, which are part of no run. */
    Results(Surroundings surroundings, boolean json, List<CpvResult> notFound) {
        this.surroundings = surroundings;
        this.json = json;
        this.notFound = List.copyOf(notFound);
        this.printer = printer();
    }

    private Printer printer() {
        return json
                ? new JsonPrinter(surroundings.out())
                : new TablePrinter(surroundings.out(), surroundings.terminal());
    }

    void begin(int tenants) {
        printer = printer();
        tally = new Tally();
        progress = Progress.on(surroundings, json, tenants);
    }

    void print(CpvResult result) {
        tally.add(result);
        progress.print(result, () -> printer.print(result));
    }

    /** Returns the exit status. */
    int end() {
        progress.close();
        printer.end();
        PrintStream summary = json ? surroundings.err() : surroundings.out();
        summary.println(tally);
        return tally.exitStatus();
    }

    // Of a fleet

    @Override
    public void started(RunRecord run, int total) {
        begin(total + notFound.size());
        notFound.forEach(this::print);
    }

    @Override
    public void tenantDone(CatalogTenant tenant, CpvResult result) {
        print(tenant.displayName().isEmpty() ? result : result.withTenantName(tenant.displayName()));
    }

    /** The report includes tenants from an earlier part of the run, and attempts that were repeated. */
    @Override
    public void ended(FleetReport report) {
        tally = Tally.of(report);
        notFound.forEach(tally::add);
        end();
        report.remarks().forEach(remark -> surroundings.err().println("cpv: " + remark));
        int ending = report.accessEnding().size() + report.accessEndingOmitted();
        if (ending > 0) {
            ExpiringAccess first = report.accessEnding().get(0);
            surroundings
                    .err()
                    .println("cpv: the access to " + ending + (ending == 1 ? " tenant" : " tenants")
                            + " ends within 30 days unless it is renewed, first to " + first.label() + " at "
                            + first.ends() + ".");
        }
        report.alarm()
                .ifPresent(alarm -> surroundings
                        .err()
                        .println("cpv: the run stopped: " + alarm + " To do: " + alarm.remediation()));
    }
}
