package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.RefreshOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R21 on a machine whose clock is wrong: a token's age is counted from its issue, by this machine's clock alone, so that what
 * the token claims of its own times ({@code nbf}, {@code exp}) is not compared with a clock that it does not know.
 */
class SkewedClockTest extends OverTheWire {
    private Duration skew = Duration.ZERO;
    private GraphTenantDirectory directory;
    private CpvClient client;

    @BeforeEach
    void skewed() {
        InstantSource wrong = () -> partner.time.instant().plus(skew);
        Clock clock = wrong.withZone(ZoneOffset.UTC);
        PartnerCredentials credentials = partner.simulator.credentials();
        directory = GraphTenantDirectory.builder(
                        PartnerApp.of(credentials.partnerTenantId(), credentials.clientId()),
                        AppCredentials.withSecret(
                                credentials.clientSecret(), RefreshTokenStore.inMemory(credentials.refreshToken())))
                .cloud(partner.cloud())
                .clock(clock)
                .sleeper(partner.time)
                .build();
        client = CpvClient.builder(directory, partner.required)
                .clock(clock)
                .sleeper(partner.time)
                .build();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P400D", "-PT3H", "-PT10M", "-PT1S", "PT1S", "PT10M", "PT3H", "P400D"})
    void R21_aWrongClockCostsNothing(String wrong) {
        skew = Duration.parse(wrong);
        SimulatedTenant tenant = inSync("Skewed").removeAppRole(ResourceCatalog.GRAPH, "User.Read.All");
        SimulatedTenant second = inSync("Second");

        assertOutcome(checked(tenant, client.refresh(id(tenant))), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(1);
        assertOutcome(client.refresh(id(second)), RefreshOutcome.UP_TO_DATE);
        assertThat(client.refresh(id(second)).requests())
                .as("the token is kept for its life")
                .isEqualTo(1);
        partner.time.advance(Duration.ofMinutes(90));
        assertThat(client.refresh(id(second)).requests())
                .as("and not for longer")
                .isEqualTo(2);
    }

    /** The token looks good by our clock, and Graph refuses it. */
    @Test
    void R21_aClockThatIsSetBackCostsOneMoreToken() {
        SimulatedTenant tenant = inSync("Set back");
        assertOutcome(client.refresh(id(tenant)), RefreshOutcome.UP_TO_DATE);
        Instant before = partner.time.instant();
        partner.time.advance(Duration.ofHours(2));
        skew = Duration.between(partner.time.instant(), before);

        var result = client.refresh(id(tenant));

        assertOutcome(result, RefreshOutcome.UP_TO_DATE);
        assertThat(result.requests()).as("refused, a new token, read").isEqualTo(3);
    }

    @Test
    void R21_aClockThatIsSetForwardCostsOneMoreToken() {
        SimulatedTenant tenant = inSync("Set forward");
        assertOutcome(client.refresh(id(tenant)), RefreshOutcome.UP_TO_DATE);
        skew = Duration.ofHours(2);

        assertThat(client.refresh(id(tenant)).requests()).isEqualTo(2);
        assertThat(client.refresh(id(tenant)).requests()).isEqualTo(1);
    }
}
