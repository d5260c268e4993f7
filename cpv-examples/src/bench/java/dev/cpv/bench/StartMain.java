package dev.cpv.bench;

import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import java.nio.file.Path;

/** The smallest program that refreshes a tenant. */
final class StartMain {
    private StartMain() {}

    /**
     * Refreshes one tenant.
     *
     * @param args the file of the service, the tenant
     */
    public static void main(String[] args) {
        Service service = Service.read(Path.of(args[0]));
        try (GraphTenantDirectory directory = service.directory()) {
            Service.refresh(CpvClient.create(directory, service.required()), args[1]);
        }
        Spent.print();
    }
}
