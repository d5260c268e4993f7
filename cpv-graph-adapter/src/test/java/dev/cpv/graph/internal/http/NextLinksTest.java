package dev.cpv.graph.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cpv.model.FailureCode;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextLinksTest {
    private final NextLinks links = new NextLinks(
            List.of(URI.create("http://localhost:8080/graph"), URI.create("https://graph.microsoft.com")));

    @ParameterizedTest
    @CsvSource({
        "https://graph.microsoft.com/v1.0/users?$skiptoken=1, /users?$skiptoken=1",
        "HTTPS://GRAPH.MICROSOFT.COM:443/v1.0/users, /users",
        "http://localhost:8080/graph/v1.0/a/b?c, /a/b?c",
        "https://graph.microsoft.com/v1.0/users?$filter=appId eq 'x', /users?$filter=appId eq 'x'",
        "https://graph.microsoft.com/v1.0/users?next=/v1.0/x, /users?next=/v1.0/x"
    })
    void R24_onlyThePathOfALinkIsUsed(String link, String path) {
        assertThat(links.path(link)).isEqualTo(path.replace("''", "'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/v1.0/users",
                "https://graph.microsoft.com.evil.example/v1.0/users",
                "https://graph.microsoft.com@evil.example/v1.0/users",
                "https://graph.microsoft.com:8443/v1.0/users",
                "http://graph.microsoft.com/v1.0/users",
                "//graph.microsoft.com/v1.0/users",
                "/v1.0/users",
                "https://graph.microsoft.com/beta/users",
                ""
            })
    void R24_aLinkToAnotherHostOrVersionIsRefused(String link) {
        assertThat(code(link)).isEqualTo(FailureCode.FOREIGN_HOST_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://graph.microsoft.com/v1.0/a b", "https://[/v1.0/"})
    void aLinkThatIsNotAUrlIsUnreadable(String link) {
        assertThat(code(link)).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    private FailureCode code(String link) {
        return catchThrowableOfType(TenantDirectoryException.class, () -> links.path(link))
                .failure()
                .code();
    }
}
