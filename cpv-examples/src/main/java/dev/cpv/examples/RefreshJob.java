package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import java.util.List;
import java.util.function.Consumer;

/** A typical job of a tool: refreshes its customers, and opens a ticket where a person has to act. */
public final class RefreshJob {
    private final CpvClient client;
    private final Consumer<String> tickets;

    /**
     * Creates the job.
     *
     * @param client refreshes
     * @param tickets opens a ticket with a text
     */
    public RefreshJob(CpvClient client, Consumer<String> tickets) {
        this.client = client;
        this.tickets = tickets;
    }

    /**
     * Refreshes tenants, one after the other.
     *
     * @param tenants their GUIDs or domains
     */
    public void run(List<String> tenants) {
        // tag::job
        for (String tenant : tenants) {
            CpvResult result = client.refresh(tenant);
            if (result.outcome().isInSync() || result.worthRetrying()) {
                continue; // no action needed, or the next run may succeed
            }
            // One ticket for each thing that somebody has to do, however many permissions need it.
            result.failures().stream()
                    .map(failure -> tenant + ": " + failure.remediation())
                    .distinct()
                    .forEach(tickets);
        }
        // end::job
    }
}
