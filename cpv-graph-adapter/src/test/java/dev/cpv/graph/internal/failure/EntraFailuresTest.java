package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Remediation.Party;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntraFailuresTest {
    /** Microsoft's table of codes: codes, meaning at a customer, meaning in the partner tenant, when to try again. */
    private static final String TABLE = """
            90099 65001 700016 7000229               | CONSENT_MISSING               | PARTNER_APP_NOT_CONSENTED    | no
            650051                                   | CONSENT_NOT_VISIBLE_YET       | CONSENT_NOT_VISIBLE_YET      | now
            650052 650054 500011                     | SERVICE_NOT_IN_TENANT         | SERVICE_NOT_IN_TENANT        | no
            650056 650057 65005 65002                | REQUEST_REJECTED              | REQUEST_REJECTED             | no
            500014                                   | RESOURCE_DISABLED             | RESOURCE_DISABLED            | no
            50020 50034 51004 16003 90072            | DELEGATED_ADMIN_MISSING       | SERVICE_ACCOUNT_DISABLED     | no
            50177 50178 53003 530032 530035          | CONDITIONAL_ACCESS_BLOCKED    | SERVICE_ACCOUNT_BLOCKED      | no
            53000 53001                              | CONDITIONAL_ACCESS_BLOCKED    | SERVICE_ACCOUNT_BLOCKED      | no
            500212 500213                            | CROSS_TENANT_ACCESS_BLOCKED   | SERVICE_ACCOUNT_BLOCKED      | no
            530034 53011                             | SERVICE_ACCOUNT_BLOCKED       | SERVICE_ACCOUNT_BLOCKED      | no
            53004 50072 50079 50074 50076 50078      | EXTRA_AUTHENTICATION_REQUIRED | SERVICE_ACCOUNT_MFA_REQUIRED | no
            50158                                    | EXTRA_AUTHENTICATION_REQUIRED | SERVICE_ACCOUNT_MFA_REQUIRED | no
            50097 50129                              | EXTRA_AUTHENTICATION_REQUIRED | SERVICE_ACCOUNT_BLOCKED      | no
            50126 70000 700003                       | REFRESH_TOKEN_INVALID         | REFRESH_TOKEN_INVALID        | no
            50053                                    | SERVICE_ACCOUNT_DISABLED      | SERVICE_ACCOUNT_DISABLED     | later
            50055 50144 50057                        | SERVICE_ACCOUNT_DISABLED      | SERVICE_ACCOUNT_DISABLED     | no
            500571                                   | GUEST_ACCOUNT_CONFLICT        | SERVICE_ACCOUNT_DISABLED     | no
            50105                                    | USER_ASSIGNMENT_REQUIRED      | USER_ASSIGNMENT_REQUIRED     | no
            50173 50132 50133                        | REFRESH_TOKEN_REVOKED         | REFRESH_TOKEN_REVOKED        | no
            70008 700082 700084 70043                | REFRESH_TOKEN_EXPIRED         | REFRESH_TOKEN_EXPIRED        | no
            7000112                                  | APP_DISABLED_BY_CUSTOMER      | PARTNER_APP_DISABLED         | no
            7000215                                  | CLIENT_SECRET_INVALID         | CLIENT_SECRET_INVALID        | no
            7000222                                  | CLIENT_SECRET_EXPIRED         | CLIENT_SECRET_EXPIRED        | no
            7000218 700025                           | CLIENT_CREDENTIALS_REJECTED   | CLIENT_CREDENTIALS_REJECTED  | no
            700027 500133 50012 50013 700024 700021  | CLIENT_CERTIFICATE_REJECTED   | CLIENT_CERTIFICATE_REJECTED  | no
            65004 90094 90093                        | CONSENT_REFUSED               | PARTNER_APP_NOT_CONSENTED    | no
            90002 5000224                            | TENANT_GONE                   | TENANT_NOT_RESOLVED          | no
            900023                                   | TENANT_NOT_RESOLVED           | TENANT_NOT_RESOLVED          | no
            90038 900382 900432                      | WRONG_CLOUD                   | WRONG_CLOUD                  | no
            50194                                    | APP_NOT_MULTI_TENANT          | APP_NOT_MULTI_TENANT         | no
            50059 50128 90019 500113 50011 900971    | REQUEST_REJECTED              | REQUEST_REJECTED             | no
            90014 900144 9002313 70011 700022 28002  | REQUEST_REJECTED              | REQUEST_REJECTED             | no
            700005 7000113 7000114 1002016           | REQUEST_REJECTED              | REQUEST_REJECTED             | no
            90033 90024 90090 90006 50033 50087      | SERVICE_UNAVAILABLE           | SERVICE_UNAVAILABLE          | now
            90012 50000 90010                        | SERVICE_UNAVAILABLE           | SERVICE_UNAVAILABLE          | now
            90036 90092                              | SERVICE_UNAVAILABLE           | SERVICE_UNAVAILABLE          | no
            90055                                    | THROTTLED                     | THROTTLED                    | now
            50196                                    | THROTTLED                     | THROTTLED                    | later
            """;

    static Stream<Row> table() {
        return TABLE.lines().flatMap(line -> {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            return Arrays.stream(cells.get(0).split(" "))
                    .map(code -> new Row(
                            Integer.parseInt(code),
                            FailureCode.valueOf(cells.get(1)),
                            FailureCode.valueOf(cells.get(2)),
                            cells.get(3)));
        });
    }

    @ParameterizedTest
    @MethodSource("table")
    void R25_every_code_of_the_table_has_its_meaning_and_names_itself(Row row) {
        CpvFailure customer = EntraFailures.classify(EntraError.parse(Answers.entra(row.code())), false);
        CpvFailure partner = EntraFailures.classify(EntraError.parse(Answers.entra(row.code())), true);

        assertThat(customer.code()).isEqualTo(row.customer());
        assertThat(partner.code()).isEqualTo(row.partner());
        for (CpvFailure failure : List.of(customer, partner)) {
            assertThat(failure.retryable()).isEqualTo(!row.again().equals("no"));
            assertThat(failure.serviceCode()).contains("AADSTS" + row.code());
            assertThat(failure.requestId()).contains("11111111-aaaa-0000-0000-000000000001");
            assertThat(failure.message()).isEqualTo("AADSTS" + row.code() + ": What happened.");
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void R26_only_what_passes_by_itself_is_sent_again_at_once_whatever_the_status(Row row) {
        WireAnswer refused = Answers.entra(400, "invalid_grant", row.code(), "What happened.");
        WireAnswer unavailable = Answers.entra(503, "invalid_grant", row.code(), "What happened.");

        assertThat(EntraFailures.isRetryable(refused)).isEqualTo(row.again().equals("now"));
        assertThat(EntraFailures.isRetryable(unavailable)).isEqualTo(row.again().equals("now"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void R15_no_refused_token_makes_permissions_not_applicable_or_reaches_less_than_the_tenant(Row row) {
        for (boolean inPartnerTenant : List.of(true, false)) {
            CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(row.code())), inPartnerTenant);

            assertThat(failure.code()).isNotEqualTo(FailureCode.RESOURCE_NOT_AVAILABLE);
            assertThat(failure.scope()).isIn(FailureScope.TENANT, FailureScope.PARTNER);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50173, 700082, 70008, 70000, 50057, 7000215, 700027, 7000222})
    void R28_a_partner_wide_code_at_a_customer_is_a_suspicion(int code) {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(code)), false);

        assertThat(EntraFailures.isPartnerWideSuspect(failure)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {7000112, 65001, 53003, 50076, 50020, 90002, 90033, 50196, 12345})
    void R28_what_a_customer_can_cause_is_no_suspicion(int code) {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(code)), false);

        assertThat(EntraFailures.isPartnerWideSuspect(failure)).isFalse();
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
    }

    @ParameterizedTest
    @ValueSource(ints = {7000112, 65001, 53003, 50076, 90002, 50105, 500011})
    void R28_what_the_partner_tenant_refuses_for_good_holds_for_all_tenants(int code) {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(code)), true);

        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
    }

    @ParameterizedTest
    @ValueSource(ints = {90033, 90055, 50196, 12345})
    void R28_what_passes_or_is_unknown_stops_no_run_even_from_the_partner_tenant(int code) {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(code)), true);

        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
    }

    @ParameterizedTest
    @CsvSource({"7000215,true", "700027,true", "7000222,false", "50173,false", "500133,false"})
    void R28_only_a_fresh_secret_or_certificate_gets_a_second_look(int code, boolean expected) {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(code)), true);

        assertThat(EntraFailures.needsSecondLook(failure)).isEqualTo(expected);
    }

    @Test
    void R27_a_tenant_that_is_gone_is_told_apart_from_no_access() {
        CpvFailure gone = EntraFailures.classify(EntraError.parse(Answers.entra(5000224)), false);
        CpvFailure noAccess = EntraFailures.classify(EntraError.parse(Answers.entra(50020)), false);

        assertThat(gone.code()).isEqualTo(FailureCode.TENANT_GONE);
        assertThat(gone.retryable()).isFalse();
        assertThat(noAccess.code()).isEqualTo(FailureCode.DELEGATED_ADMIN_MISSING);
    }

    @ParameterizedTest
    @CsvSource({
        "500213,CUSTOMER",
        "500212,PARTNER",
        "50076,CUSTOMER",
        "50079,PARTNER",
        "900144,DEVELOPER",
        "90092,MICROSOFT"
    })
    void R25_the_remediation_names_who_really_has_to_act(int code, Party party) {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.entra(code)), false);

        assertThat(failure.remediation().party()).isEqualTo(party);
    }

    @Test
    void R25_the_first_code_that_is_known_decides() {
        CpvFailure failure = EntraFailures.classify(
                EntraError.parse(Answers.answer(400, "{\"error_codes\":[999999,53003,65001]}")), false);

        assertThat(failure.code()).isEqualTo(FailureCode.CONDITIONAL_ACCESS_BLOCKED);
        assertThat(failure.serviceCode()).contains("AADSTS53003");
    }

    @Test
    void R25_an_unknown_answer_is_unknown_with_everything_that_was_said() {
        CpvFailure failure = EntraFailures.classify(EntraError.parse(Answers.answer(400, """
                        {"error":"invalid_grant","suberror":"new_thing","error_codes":[1234567],\
                        "error_description":"AADSTS1234567: Never seen.","correlation_id":"corr-9"}""")), false);

        assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN);
        assertThat(failure.serviceCode()).contains("AADSTS1234567");
        assertThat(failure.requestId()).contains("corr-9");
        assertThat(failure.message()).contains("400", "invalid_grant", "new_thing", "AADSTS1234567: Never seen.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"error":"interaction_required","error_codes":[1234567],"error_description":"AADSTS1234567: Never seen."}
            {"error":"invalid_grant","claims":"{\\"access_token\\":{}}","error_description":"AADSTS1234567: Never seen."}
            """)
    void R25_what_only_a_person_who_signs_in_can_give_is_told_whatever_the_code(String body) {
        EntraError error = EntraError.parse(Answers.answer(400, body));

        CpvFailure atCustomer = EntraFailures.classify(error, false);
        CpvFailure atHome = EntraFailures.classify(error, true);

        assertThat(atCustomer.code()).isEqualTo(FailureCode.EXTRA_AUTHENTICATION_REQUIRED);
        assertThat(atCustomer.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(atCustomer.retryable()).isFalse();
        assertThat(atCustomer.message()).contains("Never seen.");
        assertThat(atHome.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(atHome.scope()).isEqualTo(FailureScope.PARTNER);
    }

    @ParameterizedTest
    @CsvSource({
        "429,'',THROTTLED,true",
        "429,<html>,THROTTLED,true",
        "500,'',SERVICE_UNAVAILABLE,false",
        "502,<html>,SERVICE_UNAVAILABLE,true",
        "503,'',SERVICE_UNAVAILABLE,true",
        "504,'',SERVICE_UNAVAILABLE,true",
        "400,'{\"error\":\"temporarily_unavailable\"}',SERVICE_UNAVAILABLE,true",
        "500,'{\"error\":\"temporarily_unavailable\"}',SERVICE_UNAVAILABLE,true",
        "400,'',ANSWER_UNREADABLE,false",
        "403,<html>,ANSWER_UNREADABLE,false",
        "400,'{\"error_codes\":[65001',ANSWER_UNREADABLE,false",
        "200,<html>,ANSWER_UNREADABLE,false",
        "302,'',FOREIGN_HOST_REFUSED,false",
        "400,{},UNKNOWN,false"
    })
    void R26_the_status_speaks_where_no_code_does(int status, String body, FailureCode code, boolean again) {
        WireAnswer answer = Answers.answer(status, body);

        assertThat(EntraFailures.classify(EntraError.parse(answer), false).code())
                .isEqualTo(code);
        assertThat(EntraFailures.isRetryable(answer)).isEqualTo(again);
    }

    @Test
    void R26_success_is_never_repeated() {
        assertThat(EntraFailures.isRetryable(Answers.answer(200, "{\"error_codes\":[90033]}")))
                .isFalse();
    }

    @Test
    void R26_the_time_to_wait_is_told_in_seconds_or_from_the_services_own_clock() {
        assertThat(waiting(Map.of("Retry-After", "7.5"))).contains(Duration.ofMillis(7500));
        assertThat(waiting(Map.of(
                        "Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT", "Date", "Sat, 21 Nov 2026 10:00:00 GMT")))
                .contains(Duration.ofSeconds(30));
        assertThat(waiting(Map.of("Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT")))
                .isEmpty();
        assertThat(waiting(Map.of("Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT", "Date", "soon")))
                .isEmpty();
        assertThat(waiting(Map.of("Retry-After", "1.2.3"))).isEmpty();
        assertThat(waiting(Map.of())).isEmpty();
    }

    private static Optional<Duration> waiting(Map<String, String> headers) {
        return EntraFailures.classify(EntraError.parse(new WireAnswer(429, headers, "")), false)
                .retryAfter();
    }

    record Row(int code, FailureCode customer, FailureCode partner, String again) {}
}
