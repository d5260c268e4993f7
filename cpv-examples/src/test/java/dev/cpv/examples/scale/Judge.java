package dev.cpv.examples.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what a client reported of its tenants with the simulator's state. */
final class Judge {
    private final Map<String, Truth> truths;

    Judge(List<Truth> truths) {
        this.truths = truths.stream().collect(Collectors.toMap(Truth::tenant, truth -> truth));
    }

    /** One result for every tenant, and each of them correct. */
    void night(Path results) throws IOException {
        Map<String, Said> said = said(results);
        assertThat(said).containsOnlyKeys(truths.keySet());
        said.values().forEach(this::isTrue);
    }

    private void isTrue(Said said) {
        Truth truth = Objects.requireNonNull(truths.get(said.tenant));
        assertThat(said.outcome).as("%s, %s", said, truth).isEqualTo(truth.outcome());
        switch (truth.kind()) {
            case IN_STEP -> assertThat(truth.begun()).as("%s", truth).isEqualTo(1);
            case DRIFTED -> {
                assertThat(truth.begun()).as("%s", truth).isEqualTo(1);
                assertThat(truth.writes()).as("%s", truth).isEqualTo(1);
            }
            case THROTTLED -> {
                assertThat(truth.begun()).as("%s", truth).isEqualTo(1);
                assertThat(truth.throttled()).as("%s", truth).isEqualTo(1);
            }
            case SWITCHED_OFF -> {
                assertThat(said.code).as("%s", truth).isEqualTo(FailureCode.APP_DISABLED_BY_CUSTOMER.name());
                assertThat(truth.writes()).as("%s", truth).isZero();
            }
            case BLOCKED -> {
                assertThat(said.code).as("%s", truth).isEqualTo(FailureCode.CONDITIONAL_ACCESS_BLOCKED.name());
                assertThat(truth.writes()).as("%s", truth).isZero();
            }
            case NEW -> assertThat(truth.complete()).as("%s", truth).isTrue();
        }
    }

    /**
     * A run in two parts: no tenant is left out, only tenants that were cancelled during their refresh are refreshed twice, and nothing is
     * written twice.
     */
    void parts(Path before, Path after) throws IOException {
        Map<String, Said> done = said(before);
        Map<String, Said> rest = said(after);
        Set<String> atWork = tenants(done, RefreshOutcome.CANCELLED);
        assertThat(atWork).hasSizeLessThanOrEqualTo(RememberedNight.CONCURRENCY);
        done.values()
                .removeIf(said ->
                        said.outcome == RefreshOutcome.CANCELLED || said.outcome == RefreshOutcome.NOT_ATTEMPTED);

        assertThat(done).isNotEmpty();
        assertThat(rest).isNotEmpty().doesNotContainKeys(done.keySet().toArray(String[]::new));
        Map<String, Said> whole = new HashMap<>(done);
        whole.putAll(rest);
        assertThat(whole).containsOnlyKeys(truths.keySet());
        whole.forEach((tenant, said) -> {
            if (!atWork.contains(tenant)) {
                isTrue(said);
            }
        });
        for (String tenant : atWork) {
            Truth truth = Objects.requireNonNull(truths.get(tenant));
            assertThat(truth.begun()).as("%s", truth).isBetween(1, 2);
            assertThat(truth.writes()).as("%s", truth).isLessThanOrEqualTo(1);
            assertThat(Objects.requireNonNull(rest.get(tenant)).outcome.isInSync())
                    .as("%s", truth)
                    .isEqualTo(truth.usable() && truth.complete());
        }
    }

    /** How many tenants must have which outcome, according to the simulator. */
    Map<RefreshOutcome, Integer> outcomes() {
        Map<RefreshOutcome, Integer> counts = new EnumMap<>(RefreshOutcome.class);
        truths.values().forEach(truth -> counts.merge(truth.outcome(), 1, Integer::sum));
        return counts;
    }

    Map<SimulatedFleet.Kind, Integer> kinds() {
        Map<SimulatedFleet.Kind, Integer> counts = new EnumMap<>(SimulatedFleet.Kind.class);
        truths.values().forEach(truth -> counts.merge(truth.kind(), 1, Integer::sum));
        return counts;
    }

    private static Set<String> tenants(Map<String, Said> said, RefreshOutcome outcome) {
        return said.values().stream()
                .filter(each -> each.outcome == outcome)
                .map(Said::tenant)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<String, Said> said(Path results) throws IOException {
        Map<String, Said> said = new HashMap<>();
        for (String line : Files.readAllLines(results)) {
            String[] parts = line.split(" ", -1);
            Said one = new Said(parts[0], RefreshOutcome.valueOf(parts[1]), parts[2]);
            assertThat(said.put(one.tenant, one))
                    .as("a second result of %s", one)
                    .isNull();
        }
        return said;
    }

    private record Said(String tenant, RefreshOutcome outcome, String code) {}
}
