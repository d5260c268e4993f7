package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.SimulatedCertificate;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R22: a certificate proves the application as well as a secret does. */
class CertificateOverTheWireTest {
    private static final String PASSWORD = "only for this test";

    @Test
    void R22_aRegisteredCertificateRefreshesATenant(@TempDir Path folder) throws IOException {
        try (SimulatedPartner partner = new SimulatedPartner()) {
            Path file = folder.resolve("app.p12");
            SimulatedCertificate certificate = SimulatedCertificate.selfSigned("cpv", partner.time.instant());
            certificate.writePkcs12(file, PASSWORD);
            // The token library stamps its assertions with the system's time, not with the test's.
            partner.simulator.app().addCertificate(certificate.certificate()).assertionTimeChecked(false);

            CpvResult result = refresh(partner, file);

            assertThat(result.outcome()).as(result.toJson()).isEqualTo(RefreshOutcome.UPDATED);
        }
    }

    @Test
    void R25_aCertificateThatIsNotRegisteredIsNamedAsTheCause(@TempDir Path folder) throws IOException {
        try (SimulatedPartner partner = new SimulatedPartner()) {
            Path file = folder.resolve("app.p12");
            SimulatedCertificate.selfSigned("unknown", partner.time.instant()).writePkcs12(file, PASSWORD);
            partner.simulator.app().assertionTimeChecked(false);

            CpvResult result = refresh(partner, file);

            assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
            assertThat(result.failure()).map(CpvFailure::code).contains(FailureCode.CLIENT_CERTIFICATE_REJECTED);
        }
    }

    private static CpvResult refresh(SimulatedPartner partner, Path certificate) {
        PartnerCredentials credentials = partner.simulator.credentials();
        AppCredentials tokens = AppCredentials.withCertificate(
                certificate, PASSWORD.toCharArray(), RefreshTokenStore.inMemory(credentials.refreshToken()));
        try (GraphTenantDirectory directory = GraphTenantDirectory.builder(
                        PartnerApp.of(credentials.partnerTenantId(), credentials.clientId()), tokens)
                .cloud(partner.cloud())
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            CpvClient client = partner.client(directory);
            return client.refresh(partner.simulator.addCustomer("Customer").id());
        }
    }
}
