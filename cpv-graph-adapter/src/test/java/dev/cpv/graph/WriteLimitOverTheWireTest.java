package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.model.RefreshOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graph's quotas of writes, with a simulator that keeps them (R29). */
class WriteLimitOverTheWireTest extends OverTheWire {
    private static final int TOO_MANY_REQUESTS = 429;

    @Test
    void R29_aShareOfTheTenantsQuotaIsNeverExceeded() {
        double share = 0.02;
        SimulatedTenant tenant = consented("Small share");
        tenant.behaviour().writes(60);
        Instant start = partner.time.instant();

        try (GraphTenantDirectory directory = Directories.over(
                        partner.simulator, partner.simulator.credentials().refreshToken())
                .quotaShare(share)
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            CpvResult result = partner.client(directory).refresh(id(tenant));
            assertOutcome(checked(tenant, result), RefreshOutcome.UPDATED);
        }

        assertThat(statusesOfWrites(tenant)).doesNotContain(TOO_MANY_REQUESTS).hasSizeGreaterThan(60);
        double needed = (statusesOfWrites(tenant).size() - 60) * 150.0 / 60;
        assertThat(Duration.between(start, partner.time.instant()).toMillis() / 1000.0)
                .isBetween(needed, needed * 1.15 + 3);
    }

    @Test
    void R29_nothingIsSentToATenantWhoseQuotaOthersUsedUpAndNoOtherTenantWaits() {
        SimulatedTenant closed = consented("Used up by others");
        SimulatedTenant open = consented("Open");
        Map<String, String> told = Map.of(
                "Content-Type",
                "application/json",
                "Retry-After",
                "40",
                "x-ms-throttle-scope",
                "Tenant_Application/Write/" + partner.clientId() + "/" + closed.id());
        partner.simulator.faults().onPart(closed.id(), "POST", GRANTS).respond(429, told, THROTTLED);

        assertOutcome(refresh(closed), RefreshOutcome.UPDATED);

        List<Instant> times = sent(closed).stream().map(WireJournal.Entry::at).toList();
        Instant refused = sent(closed).stream()
                .filter(entry -> entry.parts().stream().anyMatch(part -> part.status() == TOO_MANY_REQUESTS))
                .findFirst()
                .orElseThrow()
                .at();
        assertThat(times.stream().filter(time -> time.isAfter(refused)))
                .isNotEmpty()
                .allMatch(time -> !time.isBefore(refused.plusSeconds(40)));
        assertThat(times.stream().filter(time -> time.equals(refused)))
                .as("token, look, and writes until the refusal")
                .hasSizeLessThan(sent(closed).size());
        assertThat(sleepsDuring(() -> assertOutcome(refresh(open), RefreshOutcome.UPDATED)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.009, 1.01, -1, Double.NaN})
    void aShareIsOneInAHundredToAll(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Directories.over(
                                partner.simulator,
                                partner.simulator.credentials().refreshToken())
                        .quotaShare(share))
                .withMessageContaining(String.valueOf(share));
    }

    private List<Integer> statusesOfWrites(SimulatedTenant tenant) {
        return writes(tenant).stream().map(WireJournal.Part::status).toList();
    }
}
