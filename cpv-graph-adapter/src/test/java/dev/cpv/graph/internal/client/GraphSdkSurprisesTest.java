package dev.cpv.graph.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.microsoft.graph.core.content.BatchRequestContent;
import com.microsoft.graph.core.models.BatchRequestStep;
import com.microsoft.graph.core.requests.GraphClientFactory;
import com.microsoft.graph.models.AppRoleAssignment;
import com.microsoft.graph.models.ConditionalAccessClientApp;
import com.microsoft.graph.models.ConditionalAccessPolicy;
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.RequestInformation;
import com.microsoft.kiota.RequestOption;
import com.microsoft.kiota.authentication.AnonymousAuthenticationProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the Graph SDK does by itself, as the Javadoc of {@code TenantGraphClients} has it: when a test here fails with a new version, that
 * page has to change, and perhaps a handler of cpv's can go. Nothing is sent.
 */
@NullUnmarked // The SDK says of nearly everything that it may be null.
class GraphSdkSurprisesTest {
    private static final String JSON = "application/json";
    private static final String ERROR = "{\"error\":{\"code\":\"x\",\"message\":\"m\"}}";
    private static final String PRINCIPAL =
            "{\"id\":\"1\",\"tags\":[\"a\",\"b\"],\"appRoles\":[{\"displayName\":\"old\"}]}";

    private final Deque<Response.Builder> answers = new ArrayDeque<>();
    private final List<Request> sent = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final GraphServiceClient bare = client(new OkHttpClient.Builder());

    // What cpv cannot change

    @Test
    void anElementThatReplacesAnotherInAListIsLost() throws IOException {
        ServicePrincipal replaced = read();
        replaced.getTags().set(0, "z");
        ServicePrincipal exchanged = read();
        exchanged.getTags().remove("a");
        exchanged.getTags().add("z");
        ServicePrincipal newList = read();
        newList.setTags(List.of("z", "b"));

        assertThat(patch(replaced)).isEqualTo("{}");
        assertThat(patch(exchanged)).isEqualTo("{}");
        assertThat(patch(newList)).isEqualTo("{\"tags\":[\"z\",\"b\"]}");
    }

    @Test
    void anElementThatIsAddedOrChangedWithinIsSent() throws IOException {
        ServicePrincipal added = read();
        added.getTags().add("z");
        ServicePrincipal changed = read();
        changed.getAppRoles().get(0).setDisplayName("new");

        assertThat(patch(added)).isEqualTo("{\"tags\":[\"a\",\"b\",\"z\"]}");
        assertThat(patch(changed)).isEqualTo("{\"appRoles\":[{\"displayName\":\"new\"}]}");
    }

    @Test
    void anUnknownEnumValueIsLost() {
        answer(200, JSON, "{\"id\":\"1\",\"state\":\"new\",\"conditions\":{\"clientAppTypes\":[\"all\",\"new\"]}}");

        ConditionalAccessPolicy policy = bare.identity()
                .conditionalAccess()
                .policies()
                .byConditionalAccessPolicyId("1")
                .get();

        assertThat(policy.getState()).isNull();
        assertThat(policy.getConditions().getClientAppTypes()).containsExactly(ConditionalAccessClientApp.All);
        assertThat(policy.getAdditionalData()).isEmpty();
    }

    @Test
    void aModelIsSerialisedOnce() throws IOException {
        AppRoleAssignment assignment = new AppRoleAssignment();
        assignment.setAppRoleId(UUID.fromString("33333333-aaaa-4bbb-8ccc-0123456789ab"));

        assertThat(body(bare.servicePrincipals()
                        .byServicePrincipalId("1")
                        .appRoleAssignedTo()
                        .toPostRequestInformation(assignment)))
                .contains("33333333");
        assertThat(body(bare.servicePrincipals()
                        .byServicePrincipalId("1")
                        .appRoleAssignedTo()
                        .toPostRequestInformation(assignment)))
                .isEqualTo("{}");
    }

    @Test
    void aBatchThatIsMadeOfAListTakesOneStepLess() throws IOException {
        Request me =
                new Request.Builder().url("https://graph.microsoft.com/v1.0/me").build();
        List<BatchRequestStep> steps = IntStream.range(0, 20)
                .mapToObj(id -> new BatchRequestStep(String.valueOf(id), me))
                .toList();

        assertThat(new BatchRequestContent(bare, steps.subList(0, 19)).getBatchRequestSteps())
                .hasSize(19);
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchRequestContent(bare, steps));
        BatchRequestContent batch = new BatchRequestContent(bare);
        assertThat(steps)
                .allSatisfy(step -> assertThat(batch.addBatchRequestStep(step)).isTrue());
    }

    // What cpv's handler replaces

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 503})
    void aBatchThatIsRefusedAsAWholeHasNoAnswers(int status) throws IOException {
        answer(status, JSON, ERROR);
        BatchRequestContent batch = new BatchRequestContent(bare);
        batch.addBatchRequestStep(bare.organization().toGetRequestInformation());

        assertThat(bare.getBatchRequestBuilder().post(batch, null).getResponsesStatusCode())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void anErrorWithoutGraphsFormHasNoMessage(String body) {
        answer(404, JSON, body);

        // AssertJ would ask for the message.
        ODataError error =
                assertThrows(ODataError.class, () -> bare.organization().get());

        assertThat(error.getResponseStatusCode()).isEqualTo(404);
        assertThatThrownBy(error::getMessage).isInstanceOf(NullPointerException.class);
    }

    @Test
    void anErrorAsAPageLosesItsStatus() {
        answer(503, "text/html", "<html>");

        assertThatThrownBy(() -> bare.organization().get())
                .isExactlyInstanceOf(RuntimeException.class)
                .hasMessageContaining("text/html");
    }

    @Test
    void aRedirectThatIsNotFollowedIsNull() {
        answer(302, JSON, "");

        assertThat(bare.organization().get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT"})
    void anUnreadableRetryAfterIsRetriedAtOnceAPostToo(String retryAfter) {
        answers.add(response(429, JSON, ERROR).header("Retry-After", retryAfter));
        answer(201, JSON, PRINCIPAL);
        GraphServiceClient whole = client(GraphClientFactory.create(new RequestOption[0]));

        whole.servicePrincipals().post(new ServicePrincipal());

        assertThat(sent).hasSize(2);
        // Without the header it waits for about 3 s.
        assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aChallengeIsAnsweredByTheSdkOnce() {
        for (int time = 0; time < 2; time++) {
            answers.add(response(401, JSON, ERROR)
                    .header("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\""));
        }

        assertThatThrownBy(() -> bare.organization().get()).isInstanceOf(ODataError.class);

        assertThat(sent).hasSize(2);
    }

    private ServicePrincipal read() {
        answer(200, JSON, PRINCIPAL);
        return bare.servicePrincipals().byServicePrincipalId("1").get();
    }

    private String patch(ServicePrincipal principal) throws IOException {
        return body(bare.servicePrincipals().byServicePrincipalId("1").toPatchRequestInformation(principal));
    }

    private static String body(RequestInformation request) throws IOException {
        return new String(request.content.readAllBytes(), StandardCharsets.UTF_8);
    }

    private void answer(int status, String type, String body) {
        answers.add(response(status, type, body));
    }

    private static Response.Builder response(int status, String type, String body) {
        return new Response.Builder()
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .body(ResponseBody.create(body, MediaType.get(type)));
    }

    private GraphServiceClient client(OkHttpClient.Builder http) {
        Interceptor answering = chain -> {
            sent.add(chain.request());
            times.add(System.nanoTime());
            return answers.remove().request(chain.request()).build();
        };
        return new GraphServiceClient(
                new AnonymousAuthenticationProvider(),
                http.addInterceptor(answering).build());
    }
}
