package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Path HOME = Path.of("home");
    private static final String TENANT = "5e1f0c0a-0000-4000-8000-000000000001";
    private static final String CLIENT = "5e1f0c0a-0000-4000-8000-000000000002";

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "CPV_PARTNER_TENANT_ID", TENANT,
            "CPV_CLIENT_ID", CLIENT,
            "CPV_CLIENT_SECRET", "a-secret-value",
            "CPV_REFRESH_TOKEN", "a-refresh-token",
            "CPV_MANIFEST", "manifest.json"));

    @Test
    void whatIsNotSetHasItsDefault() {
        Settings settings = Settings.of(environment, HOME);

        assertThat(settings.app().partnerTenant()).hasToString(TENANT);
        assertThat(settings.app().clientId()).hasToString(CLIENT);
        assertThat(settings.cloud().name()).isEqualTo("global");
        assertThat(settings.cloud().graphUrl()).hasToString("https://graph.microsoft.com");
        assertThat(settings.stateDirectory()).isEqualTo(HOME.resolve(".cpv"));
        assertThat(settings.consentWait()).isEqualTo(Duration.ofMinutes(3));
        assertThat(settings.refreshToken()).contains("a-refresh-token");
    }

    @Test
    void whatIsSetIsTaken() {
        environment.put("CPV_CLOUD", "us-government");
        environment.put("CPV_STATE_DIR", "/var/lib/cpv");
        environment.put("CPV_CONSENT_WAIT", "0");
        environment.put("CPV_LOGIN_URL", "https://localhost:8443/login/");
        environment.put("CPV_PARTNER_CENTER_URL", "https://localhost:8443/partnercenter");
        environment.put("CPV_GRAPH_URL", "http://localhost:8080/graph");

        Settings settings = Settings.of(environment, HOME);

        assertThat(settings.stateDirectory()).isEqualTo(Path.of("/var/lib/cpv"));
        assertThat(settings.consentWait()).isZero();
        assertThat(settings.cloud().loginUrl()).hasToString("https://localhost:8443/login");
        assertThat(settings.cloud().partnerCenterUrl()).hasToString("https://localhost:8443/partnercenter");
        assertThat(settings.cloud().graphUrl()).hasToString("http://localhost:8080/graph");
        assertThat(settings.cloud().graphAudience()).hasToString("https://graph.microsoft.us");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CPV_PARTNER_TENANT_ID", "CPV_CLIENT_ID", "CPV_CLIENT_SECRET", "CPV_MANIFEST"})
    void aMissingOrEmptySettingNamesItselfAndTheCure(String variable) {
        environment.remove(variable);
        List<String> missing = problems();
        environment.put(variable, " ");

        assertThat(missing).singleElement().asString().startsWith(variable + " is not set: give ");
        assertThat(problems()).isEqualTo(missing);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        environment.clear();

        assertThat(problems())
                .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
                .containsExactly("CPV_PARTNER_TENANT_ID", "CPV_CLIENT_ID", "CPV_CLIENT_SECRET", "CPV_MANIFEST");
    }

    @ParameterizedTest
    @CsvSource({
        "CPV_PARTNER_TENANT_ID, contoso.com",
        "CPV_CLIENT_ID, 12345",
        "CPV_CLOUD, germany",
        "CPV_CONSENT_WAIT, soon",
        "CPV_CONSENT_WAIT, -1",
        "CPV_CONSENT_WAIT, 3601",
        "CPV_LOGIN_URL, http://login.example.com",
        "CPV_PARTNER_CENTER_URL, partnercenter",
        "CPV_GRAPH_URL, https://user:word@localhost/graph",
    })
    void aWrongSettingNamesItselfAndTheCureButNotItsValue(String variable, String value) {
        environment.put(variable, value);

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith(variable + " ")
                .contains(": give ")
                .doesNotContain(value);
    }

    @Test
    void secretAndCertificateTogetherAreRefused() {
        environment.put("CPV_CLIENT_CERTIFICATE", "client.p12");

        assertThat(problems()).singleElement().asString().contains("CPV_CLIENT_SECRET", "CPV_CLIENT_CERTIFICATE");
    }

    @Test
    void aCertificateThatCannotBeReadNamesItsSetting() {
        environment.remove("CPV_CLIENT_SECRET");
        environment.put("CPV_CLIENT_CERTIFICATE", "no-such-file.p12");
        Settings settings = Settings.of(environment, HOME);

        assertThatThrownBy(() -> settings.tokens(dev.cpv.graph.RefreshTokenStore.inMemory("t")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("CPV_CLIENT_CERTIFICATE ");
    }

    @Test
    void R23_noSecretIsTold() {
        assertThat(Settings.of(environment, HOME).toString()).doesNotContain("a-secret-value", "a-refresh-token");
    }

    private List<String> problems() {
        try {
            throw new AssertionError("Accepted: " + Settings.of(environment, HOME));
        } catch (ConfigurationException e) {
            return e.problems();
        }
    }
}
