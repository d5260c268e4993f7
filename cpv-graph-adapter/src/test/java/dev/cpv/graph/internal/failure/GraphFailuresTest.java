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

class GraphFailuresTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | Request_BadRequest                     | Permission being assigned already exists on the object                                             | WRITE_CONFLICT               | ALREADY_EXISTS
            409 | Request_BadRequest                     | EntitlementGrant entry already exists                                                              | WRITE_CONFLICT               | ALREADY_EXISTS
            400 | Request_BadRequest                     | Permission entry already exists.                                                                   | WRITE_CONFLICT               | ALREADY_EXISTS
            409 | Request_MultipleObjectsWithSameKeyValue| The service principal name x is already in use.                                                    | WRITE_CONFLICT               | ALREADY_EXISTS
            400 | Request_MultipleObjectsWithSameKeyValue| Another object.                                                                                    | UNKNOWN                      | PERMANENT
            400 | Request_BadRequest                     | Not a valid reference update.                                                                      | NOT_REPLICATED_YET           | NOT_REPLICATED
            404 | Request_ResourceNotFound               | Resource '1' does not exist or one of its queried reference-property objects are not present.      | NOT_REPLICATED_YET           | NOT_REPLICATED
            400 | Request_BadRequest                     | Resource '1' does not exist or one of its queried reference-property objects are not present.      | NOT_REPLICATED_YET           | NOT_REPLICATED
            404 | Request_ResourceNotFound               | Gone.                                                                                              | NOT_REPLICATED_YET           | NOT_REPLICATED
            400 | Request_BadRequest                     | Specified resourceId was not found                                                                 | NOT_REPLICATED_YET           | NOT_REPLICATED
            404 | Directory_ObjectNotFound               | Unable to read the company information from the directory.                                         | NOT_REPLICATED_YET           | LOOK_UP
            404 | Directory_ObjectNotFound               | X does not exist or one of its queried reference-property objects are not present.                 | NOT_REPLICATED_YET           | LOOK_UP
            400 | Request_BadRequest                     | Permission being assigned was not found on application 'x'                                         | PERMISSION_NOT_OFFERED       | PERMANENT
            400 | Request_BadRequest                     | The appId 'x' of the service principal does not reference a valid application object.              | RESOURCE_NOT_AVAILABLE       | PERMANENT
            400 | NoBackingApplicationObject             | No.                                                                                                | RESOURCE_NOT_AVAILABLE       | PERMANENT
            403 | Authorization_RequestDenied            | The appId 'x' of the service principal does not reference a valid application object.              | DELEGATED_ADMIN_ROLE_MISSING | PERMANENT
            403 | Authorization_RequestDenied            | Insufficient privileges to complete the operation.                                                 | DELEGATED_ADMIN_ROLE_MISSING | PERMANENT
            403 | Forbidden                              | Insufficient privileges to complete the operation.                                                 | DELEGATED_ADMIN_ROLE_MISSING | PERMANENT
            403 | Forbidden                              | Unable to initialize the authorization context                                                     | DELEGATED_ADMIN_ROLE_MISSING | PERMANENT
            403 | Forbidden                              | When using this permission, the backing application of the service principal being created must in | DELEGATED_ADMIN_ROLE_MISSING | PERMANENT
            403 | Forbidden                              | For a reason never seen.                                                                           | UNKNOWN                      | PERMANENT
            401 | InvalidAuthenticationToken             | Access token has expired or is not yet valid.                                                      | TOKEN_REFUSED                | PERMANENT
            401 | Authorization_IdentityNotFound         | The identity of the calling application could not be established.                                  | TOKEN_REFUSED                | PERMANENT
            403 | Authorization_IdentityNotFound         | The identity of the calling application could not be established.                                  | TOKEN_REFUSED                | PERMANENT
            403 | Authorization_IdentityDisabled         | Disabled.                                                                                          | APP_DISABLED_BY_CUSTOMER     | PERMANENT
            400 | Request_BadRequest                     | One or more added object references already exist for the following modified properties: 'members'. | WRITE_CONFLICT               | ALREADY_EXISTS
            400 | Request_BadRequest                     | A conflicting object with one or more of the specified property values is present in the directory. | WRITE_CONFLICT               | ALREADY_EXISTS
            409 | Request_ConcurrencyViolation           | Try later.                                                                                         | WRITE_CONFLICT               | RETRY
            409 | Conflict                               | Something else.                                                                                    | WRITE_CONFLICT               | PERMANENT
            424 | FailedDependency                       | A predecessor failed.                                                                              | PREREQUISITE_FAILED          | PERMANENT
            429 | TooManyRequests                        | Please retry again later.                                                                          | THROTTLED                    | RETRY
            500 | Service_InternalServerError            | Encountered an internal server error.                                                              | SERVICE_UNAVAILABLE          | LOOK_UP
            502 | UnknownError                           | Bad gateway.                                                                                       | SERVICE_UNAVAILABLE          | LOOK_UP
            503 | ServiceUnavailable                     | Unavailable.                                                                                       | SERVICE_UNAVAILABLE          | RETRY
            504 | UnknownError                           | Timeout.                                                                                           | SERVICE_UNAVAILABLE          | LOOK_UP
            500 | Request_BadRequest                     | Permission entry already exists.                                                                   | SERVICE_UNAVAILABLE          | LOOK_UP
            400 | Request_UnsupportedQuery               | Too many child clauses.                                                                            | REQUEST_REJECTED             | PERMANENT
            400 | Request_BadRequest                     | Something never seen.                                                                              | UNKNOWN                      | PERMANENT
            400 | BadRequest                             | Request not applicable to target tenant.                                                           | UNKNOWN                      | PERMANENT
            """)
    void R25_R26_every_answer_has_its_meaning_and_its_verdict(
            int status, String code, String message, FailureCode expected, GraphVerdict verdict) {
        WireAnswer answer = Answers.graph(status, code, message);
        CpvFailure failure = GraphFailures.classify(answer);

        assertThat(failure.code()).isEqualTo(expected);
        assertThat(GraphFailures.verdict(answer)).isEqualTo(verdict);
        assertThat(failure.scope()).isEqualTo(expected.scope());
        assertThat(failure.retryable()).isEqualTo(expected.retryable());
        assertThat(failure.message()).contains(message);
        assertThat(failure.serviceCode()).contains(code);
        assertThat(failure.requestId()).contains("33333333-aaaa-0000-0000-000000000003");
    }

    @ParameterizedTest
    @CsvSource({"200,''", "201,{}", "204,''", "201,<html>", "202,'{\"error\":{\"code\":\"x\"}}'"})
    void R17_success_is_believed(int status, String body) {
        assertThat(GraphFailures.verdict(Answers.answer(status, body))).isEqualTo(GraphVerdict.DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"x\",\"details\":[{\"code\":\"NoBackingApplicationObject\","
                        + "\"target\":\"appId\"}]}}",
                "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"x\",\"details\":{\"code\":\"NoBackingApplicationObject\"}}}",
                "{\"error\":{\"code\":\"\",\"message\":\"x\",\"innererror\":{\"innererror\":{\"code\":\"NoBackingApplicationObject\"}}}}",
                "{\"error\":{\"message\":{\"lang\":\"en\",\"value\":\"The appId 'y' of the service principal does not reference a"
                        + " valid application object.\"}}}",
                "{\"odata.error\":{\"code\":\"Request_BadRequest\",\"message\":{\"lang\":\"en\",\"value\":\"It does not reference a"
                        + " valid application object.\"}}}",
                "{\"error\":{\"innerError\":{\"message\":\"It DOES NOT reference a valid application object.\"}}}"
            })
    void R15_all_shapes_of_body_are_read(String body) {
        CpvFailure failure = GraphFailures.classify(Answers.answer(400, body));

        assertThat(failure.code()).isEqualTo(FailureCode.RESOURCE_NOT_AVAILABLE);
        assertThat(failure.scope()).isEqualTo(FailureScope.RESOURCE);
    }

    @Test
    void R25_the_main_code_is_told_even_if_an_inner_error_stands_before_it() {
        CpvFailure failure = GraphFailures.classify(Answers.answer(400, """
                {"error":{"innerError":{"code":"inner","message":"inside"},"code":"Request_BadRequest","message":"outside"}}"""));

        assertThat(failure.serviceCode()).contains("Request_BadRequest");
        assertThat(failure.message()).isEqualTo("HTTP 400: outside");
    }

    @Test
    void R25_an_inner_code_is_told_where_the_main_one_is_empty() {
        CpvFailure failure = GraphFailures.classify(
                Answers.answer(400, "{\"error\":{\"code\":\"\",\"innerError\":{\"code\":\"inner\"}}}"));

        assertThat(failure.serviceCode()).contains("inner");
    }

    @Test
    void R25_the_request_id_of_the_header_goes_before_that_of_the_body() {
        WireAnswer answer = new WireAnswer(
                400,
                Map.of("Request-Id", "from-header"),
                Answers.graph(400, "x", "y").body());

        assertThat(GraphFailures.classify(answer).requestId()).contains("from-header");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void R25_a_claims_challenge_asks_for_more_authentication(int status) {
        WireAnswer answer = new WireAnswer(
                status,
                Map.of(
                        "WWW-Authenticate",
                        "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""),
                "{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\"}}");

        assertThat(GraphFailures.classify(answer).code()).isEqualTo(FailureCode.EXTRA_AUTHENTICATION_REQUIRED);
    }

    @Test
    void R15_an_unsubscribed_service_is_told_by_its_AADSTS_code() {
        CpvFailure failure =
                GraphFailures.classify(Answers.graph(400, "Request_BadRequest", "AADSTS650052: not subscribed"));

        assertThat(failure.code()).isEqualTo(FailureCode.RESOURCE_NOT_AVAILABLE);
        assertThat(failure.serviceCode()).contains("AADSTS650052");
    }

    @ParameterizedTest
    @CsvSource({
        "400,<html>,ANSWER_UNREADABLE",
        "404,'{\"error\":{\"code\":\"Request_Resour',ANSWER_UNREADABLE",
        "200,<html>,ANSWER_UNREADABLE",
        "302,'',FOREIGN_HOST_REFUSED",
        "401,'',TOKEN_REFUSED",
        "404,'',UNKNOWN",
        "403,[],ANSWER_UNREADABLE",
        "0,'',ANSWER_UNREADABLE"
    })
    void R25_what_cannot_be_read_is_not_guessed_at(int status, String body, FailureCode expected) {
        CpvFailure failure = GraphFailures.classify(Answers.answer(status, body));

        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure.message()).isNotBlank().doesNotContain("<");
    }

    @Test
    void R26_the_time_to_wait_is_told() {
        WireAnswer answer = new WireAnswer(
                429,
                Map.of("Retry-After", "10"),
                Answers.graph(429, "TooManyRequests", "x").body());

        assertThat(GraphFailures.classify(answer).retryAfter()).contains(Duration.ofSeconds(10));
    }
}
