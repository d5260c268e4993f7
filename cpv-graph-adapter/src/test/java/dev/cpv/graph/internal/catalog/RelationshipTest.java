package dev.cpv.graph.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.internal.catalog.Relationship.Standing;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelationshipTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final int ROUNDS = 3_000;

    private static final String WHOLE = """
            {"@odata.etag":"W/\\"x\\"","id":"22222222-2222-2222-2222-222222222222-33333333-3333-3333-3333-333333333333",
             "displayName":"NAME","duration":"P730D","autoExtendDuration":"EXTENSION",
             "customer":{"tenantId":"11111111-1111-1111-1111-111111111111","displayName":"Fabrikam"},
             "accessDetails":{"unifiedRoles":[{"roleDefinitionId":"158C047A-c907-4556-b7ef-446551a6b5f7"}]},
             "status":"STATUS","activatedDateTime":"ACTIVATED","endDateTime":"END"}""";

    @ParameterizedTest
    @CsvSource({
        "active, P180D, 2026-01-01T00:00:00.31Z, 2028-01-01T00:00:00Z, USABLE",
        "Active, PT0S, 2026-01-01T00:00:00Z, 2026-11-20T00:00:01Z, USABLE",
        "active, PT0S, 2026-01-01T00:00:00Z, 2026-11-20T00:00:00Z, ENDED",
        "active, P0D, 2026-01-01T00:00:00Z, 2026-11-19T00:00:00Z, ENDED",
        "active, P180D, 2026-01-01T00:00:00Z, 2026-11-19T00:00:00Z, USABLE",
        "active, P180D, 2026-11-19T23:45:00Z, 2028-01-01T00:00:00Z, USABLE",
        "active, P180D, 2026-11-19T23:45:01Z, 2028-01-01T00:00:00Z, NOT_READY",
        "active, P180D, 2026-11-20T08:00:00Z, 2028-01-01T00:00:00Z, NOT_READY",
        "active, P180D, soon, never, USABLE",
        "frozen, P180D, 2026-01-01T00:00:00Z, 2028-01-01T00:00:00Z, UNKNOWN",
        "'', P180D, 2026-01-01T00:00:00Z, 2028-01-01T00:00:00Z, UNKNOWN"
    })
    void whatARelationshipIsGoodForDependsOnStatusAndTime(
            String status, String extension, String activated, String end, Standing expected) {
        String json = WHOLE.replace("STATUS", status)
                .replace("EXTENSION", extension)
                .replace("ACTIVATED", activated)
                .replace("END", end);

        assertThat(parse(json).standing(NOW, Relationship.PROPAGATION)).isEqualTo(expected);
    }

    @Test
    void rolesAreFoundHoweverTheyAreSpelled() {
        assertThat(parse(WHOLE).administers()).isTrue();
        assertThat(parse(WHOLE.replace("158C047A", "00000000")).administers()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"null", "{}", "7", "{\"tenantId\":null}", "{\"tenantId\":\"7\"}", "[]"})
    void aRelationshipWithoutACustomerIsNobodys(String customer) {
        String json = WHOLE.replaceFirst("\"customer\":\\{[^}]*}", "\"customer\":" + customer);

        assertThat(parse(json).customer()).isEmpty();
    }

    @Test
    void mutilatedPagesAreReadOrRefusedAndNeverMakeAnotherException() {
        Random random = new Random(20261121);
        String page = "{\"value\":[" + WHOLE + "," + WHOLE + "],\"@odata.nextLink\":\"https://x/v1.0/y\"}";
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String mutilated = mutilate(random, page);
            try {
                Page.read(mutilated, "value", item -> Relationship.parse(item).standing(NOW, Relationship.PROPAGATION));
            } catch (TenantDirectoryException e) {
                assertThat(e.failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
                refused++;
            }
        }
        assertThat(refused).isBetween(ROUNDS / 2, ROUNDS - 1);
    }

    private static Relationship parse(String json) {
        List<Relationship> read = new ArrayList<>();
        Page.read("{\"value\":[" + json + "]}", "value", item -> read.add(Relationship.parse(item)));
        assertThat(read).hasSize(1);
        return read.get(0);
    }

    private static String mutilate(Random random, String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int cuts = 1 + random.nextInt(4); cuts > 0 && changed.length() > 1; cuts--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(4)) {
                case 0 -> changed.setLength(at);
                case 1 -> changed.deleteCharAt(at);
                case 2 -> changed.setCharAt(at, (char) random.nextInt(0x250));
                default -> changed.insert(at, "{}[],:\"null\\u0000".charAt(random.nextInt(16)));
            }
        }
        return changed.toString();
    }
}
