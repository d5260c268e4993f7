package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartnerCenterFailuresTest {
    @ParameterizedTest
    @CsvSource({
        "401,900421,Unauthorized - MFA required,SERVICE_ACCOUNT_MFA_REQUIRED",
        "401,'',Unauthorized - MFA required,SERVICE_ACCOUNT_MFA_REQUIRED",
        "401,400,Access denied,TOKEN_REFUSED",
        "403,2032,Access denied,PARTNER_CENTER_ACCESS_DENIED",
        "403,900150,The supplied role does not have the rights,PARTNER_CENTER_ACCESS_DENIED",
        "403,'',Forbidden,PARTNER_CENTER_ACCESS_DENIED",
        "403,20002,The partner id 1 has no commerce relationship with the customer id 2,CUSTOMER_NOT_FOUND",
        "403,800039,Reseller program status is not active,PARTNER_ACCOUNT_INACTIVE",
        "400,900118,Invalid Customer Id,CUSTOMER_NOT_FOUND",
        "400,3000,Invalid property,CONSENT_REFUSED",
        "400,7777,Something new,CONSENT_REFUSED",
        "404,1000,Not found,CUSTOMER_NOT_FOUND",
        "404,'',Not found,CUSTOMER_NOT_FOUND",
        "404,60003,Tenant not found,TENANT_GONE",
        "429,'',Slow down,THROTTLED",
        "500,0,Internal error,SERVICE_UNAVAILABLE",
        "503,0,Unavailable,SERVICE_UNAVAILABLE",
        "500,0,This resource can\\u0027t be accessed by application credentials,REQUEST_REJECTED",
        "409,1,Some other conflict,UNKNOWN",
        "412,1,Precondition,UNKNOWN"
    })
    void R25_codes_and_statuses_have_their_meaning(int status, String code, String description, FailureCode expected) {
        CpvFailure failure = PartnerCenterFailures.classify(Answers.partnerCenter(status, code, description));

        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure.scope()).isEqualTo(expected.scope());
        assertThat(failure.message()).contains(description.replace("\\u0027", "'"));
        if (code.isEmpty()) {
            assertThat(failure.serviceCode()).isEmpty();
        } else {
            assertThat(failure.serviceCode()).contains(code);
        }
    }

    @Test
    void R28_missing_MFA_and_an_inactive_programme_stop_every_tenant() {
        assertThat(PartnerCenterFailures.classify(Answers.partnerCenter(401, "900421", "MFA"))
                        .scope())
                .isEqualTo(FailureScope.PARTNER);
        assertThat(PartnerCenterFailures.classify(Answers.partnerCenter(403, "800039", "x"))
                        .scope())
                .isEqualTo(FailureScope.PARTNER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":2032,\"description\":\"Access denied\"}",
                "{\"error\":{\"code\":\"2032\",\"message\":\"Access denied\"}}",
                "{\"odata.error\":{\"code\":\"2032\",\"message\":{\"lang\":\"en\",\"value\":\"Access denied\"}}}"
            })
    void R25_all_shapes_of_body_are_read(String body) {
        CpvFailure failure = PartnerCenterFailures.classify(Answers.answer(400, body));

        assertThat(failure.code()).isEqualTo(FailureCode.PARTNER_CENTER_ACCESS_DENIED);
        assertThat(failure.serviceCode()).contains("2032");
        assertThat(failure.message()).isEqualTo("Access denied");
    }

    @Test
    void R25_a_directorys_refusal_that_is_passed_on_is_a_missing_role() {
        WireAnswer answer = Answers.partnerCenter(
                400,
                "5000",
                "{\\\"odata.error\\\":{\\\"code\\\":\\\"Authorization_RequestDenied\\\",\\\"message\\\":{\\\"value\\\":\\\"Insufficient"
                        + " privileges to complete the operation.\\\"}}}");

        assertThat(PartnerCenterFailures.classify(answer).code()).isEqualTo(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
    }

    @Test
    void R15_a_resource_that_cannot_be_had_is_told_by_the_code_that_is_passed_on() {
        CpvFailure failure = PartnerCenterFailures.classify(Answers.partnerCenter(
                400, "1", "AADSTS650052: The app needs access to a service that is not subscribed"));

        assertThat(failure.code()).isEqualTo(FailureCode.RESOURCE_NOT_AVAILABLE);
        assertThat(failure.scope()).isEqualTo(FailureScope.RESOURCE);
        assertThat(failure.serviceCode()).contains("AADSTS650052");
    }

    @Test
    void R25_a_code_that_is_passed_on_keeps_whether_trying_again_helps() {
        CpvFailure failure =
                PartnerCenterFailures.classify(Answers.partnerCenter(400, "1", "AADSTS650051: name is being created"));

        assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_NOT_VISIBLE_YET);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void R28_a_code_that_is_passed_on_stops_no_run() {
        CpvFailure failure = PartnerCenterFailures.classify(Answers.partnerCenter(400, "1", "AADSTS50173: revoked"));

        assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_REFUSED);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
    }

    @ParameterizedTest
    @CsvSource({
        "400,Permission entry already exists.,true",
        "409,Permission entry already exists.,true",
        "409,PERMISSION ENTRY ALREADY EXISTS,true",
        "409,Name already exists,false",
        "500,Permission entry already exists.,false",
        "201,Permission entry already exists.,false"
    })
    void R6_an_existing_grant_is_told_by_its_sentence(int status, String description, boolean expected) {
        assertThat(PartnerCenterFailures.isAlreadyThere(Answers.partnerCenter(status, "x", description)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Permission entry already exists.",
                "{\"message\":\"Permission entry already exists.\"}",
                "{\"errors\":[{\"text\":\"Permission entry already exists.\"}]}",
                "{\"description\":\"Conflict\",\"data\":[\"Permission entry already exists.\"]}"
            })
    void R6_an_existing_grant_is_told_in_any_shape_of_body(String body) {
        assertThat(PartnerCenterFailures.isAlreadyThere(Answers.answer(409, body)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void R26_passing_statuses_are_sent_again(int status) {
        assertThat(PartnerCenterFailures.isRetryable(Answers.partnerCenter(status, "0", "x")))
                .isTrue();
        assertThat(PartnerCenterFailures.isRetryable(Answers.answer(status, Answers.HTML)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 302, 400, 401, 403, 404, 409, 412, 501})
    void R26_all_others_are_not(int status) {
        assertThat(PartnerCenterFailures.isRetryable(Answers.partnerCenter(status, "0", "x")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"500,900421,x", "500,60003,x", "500,0,This resource can\\u0027t be accessed by application credentials"
    })
    void R26_a_permanent_answer_is_never_retried_whatever_its_status(int status, String code, String description) {
        assertThat(PartnerCenterFailures.isRetryable(Answers.partnerCenter(status, code, description)))
                .isFalse();
    }

    @Test
    void R26_the_gateways_sentence_tells_how_long_to_wait() {
        CpvFailure failure = PartnerCenterFailures.classify(Answers.answer(
                429, "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 57 seconds.\"}"));

        assertThat(failure.code()).isEqualTo(FailureCode.THROTTLED);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(57));
        assertThat(failure.message()).isEqualTo("Rate limit is exceeded. Try again in 57 seconds.");
    }

    @Test
    void R26_the_header_goes_before_the_sentence() {
        WireAnswer answer =
                new WireAnswer(429, Map.of("Retry-After", "3"), "{\"message\":\"Try again in 57 seconds.\"}");

        assertThat(PartnerCenterFailures.classify(answer).retryAfter()).contains(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({
        "403,<html>proxy</html>,ANSWER_UNREADABLE",
        "400,not json,ANSWER_UNREADABLE",
        "404,'{\"code\":\"1000',ANSWER_UNREADABLE",
        "200,<html>,ANSWER_UNREADABLE",
        "307,'',FOREIGN_HOST_REFUSED",
        "401,'',TOKEN_REFUSED",
        "403,'',PARTNER_CENTER_ACCESS_DENIED",
        "404,'',CUSTOMER_NOT_FOUND"
    })
    void R25_a_proxys_page_is_not_taken_for_partner_center(int status, String body, FailureCode expected) {
        CpvFailure failure = PartnerCenterFailures.classify(Answers.answer(status, body));

        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure.message()).isNotBlank().doesNotContain("<");
    }

    @Test
    void R25_the_request_id_is_kept() {
        WireAnswer answer = new WireAnswer(403, Map.of("MS-RequestId", "5a8d2f0e-9d0d-4c2a-8b53-0a9b8c1d2e3f"), "{}");

        assertThat(PartnerCenterFailures.classify(answer).requestId()).contains("5a8d2f0e-9d0d-4c2a-8b53-0a9b8c1d2e3f");
    }
}
