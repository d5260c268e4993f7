package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.SimulatedPartner.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    Path home = Path.of("");

    @Test
    void theFleetIsBroughtInSyncAndStaysSoWithTwoRequestsATenant() {
        try (SimulatedPartner partner = new SimulatedPartner(home)) {
            partner.environment.clear();

            Outcome run = partner.cpv("demo");

            assertThat(run.status()).as(run.toString()).isZero();
            assertThat(run.err()).isEmpty();
            List<String> rows = run.out()
                    .lines()
                    .filter(line -> line.contains(", ") && line.endsWith(" s") && !line.startsWith(" "))
                    .map(line -> line.replaceAll(" {2,}", "|"))
                    .toList();
            assertThat(rows).hasSize(16);
            assertThat(rows.subList(8, 16).stream().filter(row -> row.contains("|UP_TO_DATE|")))
                    .hasSize(7)
                    .allSatisfy(row -> assertThat(row).matches(".*\\|2\\|[0-9.]+ s"));
        }
    }
}
