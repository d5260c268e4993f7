package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Equality, order, immutability and the reading of ids. */
class ValuesTest {
    private static final String GUID = "0b7d5f4e-aaaa-4222-8333-444455556666";
    private static final AppId API = AppId.of(GUID);

    @Test
    void idsAreReadStrictlyAndInAnyCase() {
        assertThat(TenantId.of(GUID.toUpperCase(Locale.ROOT)))
                .isEqualTo(TenantId.of(GUID))
                .hasToString(GUID);
        assertThat(AppId.of(GUID.toUpperCase(Locale.ROOT))).isEqualTo(API).hasToString(GUID);
        for (String bad :
                new String[] {"", "1-1-1-1-1", GUID + " ", "{" + GUID + "}", GUID.replace("-", ""), "x".repeat(9_999)
                }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TenantId.of(bad))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
            assertThatIllegalArgumentException().isThrownBy(() -> AppId.of(bad));
        }
    }

    @Test
    void idsSortAsTheirText() {
        TenantId low = TenantId.of("10000000-0000-0000-0000-000000000000");
        TenantId high = TenantId.of("f0000000-0000-0000-0000-000000000000");

        assertThat(low).isLessThan(high);
        assertThat(new AppId(low.value())).isLessThan(new AppId(high.value()));
    }

    @Test
    void stepsSortTheirScopesAndDropDoubles() {
        assertThat(new PlanStep.SetScopes(API, List.of("b", "a", "b"), List.of("d", "c")))
                .isEqualTo(new PlanStep.SetScopes(API, List.of("a", "b"), List.of("c", "d")));
        assertThat(new PlanStep.Consent(API, List.of("b", "a")))
                .isEqualTo(new PlanStep.Consent(API, List.of("a", "b")));
    }

    @Test
    void stepsSayWhetherTheyOnlyAdd() {
        assertThat(new PlanStep.SetScopes(API, List.of("a"), List.of()).isAddition())
                .isTrue();
        assertThat(new PlanStep.SetScopes(API, List.of("a"), List.of("b")).isAddition())
                .isFalse();
        assertThat(new PlanStep.MergeGrants(API, List.of("a"), List.of()).isAddition())
                .as("a merge deletes grants")
                .isFalse();
        assertThat(new PlanStep.RevokeAppRole(API, UUID.randomUUID()).isAddition())
                .isFalse();
        assertThat(new PlanStep.AssignAppRole(API, UUID.randomUUID()).isAddition())
                .isTrue();
    }

    @Test
    void whatIsHandedInIsCopied() {
        List<String> scopes = new ArrayList<>(List.of("a"));
        TenantWideGrant grant = new TenantWideGrant(API, scopes);
        PlanStep.Consent consent = new PlanStep.Consent(API, scopes);
        scopes.add("b");

        assertThat(grant.scopes()).containsExactly("a");
        assertThat(consent.scopes()).containsExactly("a");
    }

    @Test
    void failuresAreEqualIfAllThatTheySayIs() {
        CpvFailure failure = CpvFailure.builder(FailureCode.THROTTLED, "Too many requests")
                .retryAfter(Duration.ofSeconds(7))
                .serviceCode("TooManyRequests")
                .requestId("r-1")
                .build();
        List<UnaryOperator<CpvFailure.Builder>> changes = List.of(
                builder -> builder.scope(FailureScope.RESOURCE),
                builder -> builder.retryable(false),
                builder -> builder.retryAfter(null),
                builder -> builder.remediation(new Remediation(Remediation.Party.MICROSOFT, "Wait")),
                builder -> builder.serviceCode("other"),
                builder -> builder.requestId(null));

        assertThat(failure.toBuilder().build()).isEqualTo(failure).hasSameHashCodeAs(failure);
        assertThat(changes)
                .allSatisfy(change ->
                        assertThat(change.apply(failure.toBuilder()).build()).isNotEqualTo(failure));
        assertThat(failure)
                .isNotEqualTo(CpvFailure.of(FailureCode.THROTTLED, "Too many requests"))
                .isNotEqualTo("x");
    }

    @Test
    void failureMessageIsCut() {
        assertThat(CpvFailure.of(FailureCode.UNKNOWN, "x".repeat(5_000)).message())
                .hasSize(1_001)
                .endsWith("…");
    }

    @ParameterizedTest
    @EnumSource
    void R25_everyCodeHasMeaningScopeAndRemediation(FailureCode code) {
        CpvFailure failure = CpvFailure.of(code, "…");

        assertThat(code.meaning()).isNotBlank().endsWith(".").doesNotContain("|", "(R");
        assertThat(failure.scope()).isEqualTo(code.scope());
        assertThat(failure.retryable()).isEqualTo(code.retryable());
        assertThat(failure.remediation()).isEqualTo(code.remediation());
        assertThat(failure.remediation().action()).isNotBlank().doesNotContain("|");
        assertThat(failure.remediation())
                .hasToString(code.remediation().party().title() + ": "
                        + code.remediation().action());
    }

    @Test
    void optionsAreCheckedAndChangedByCopy() {
        RefreshOptions defaults = RefreshOptions.defaults();
        RefreshOptions changed = defaults.withExtraGrants(ExtraGrants.REVOKE)
                .withTimeout(Duration.ofMinutes(1))
                .withConsentWait(Duration.ZERO)
                .withPriority(Priority.NIGHTLY)
                .withActor("somebody")
                .withReason("ticket 7");

        assertThat(defaults.extraGrants()).isEqualTo(ExtraGrants.KEEP);
        assertThat(defaults.consentWait()).isEqualTo(Duration.ofMinutes(3));
        assertThat(changed.extraGrants()).isEqualTo(ExtraGrants.REVOKE);
        assertThat(changed.timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(changed.consentWait()).isZero();
        assertThat(changed.priority()).isEqualTo(Priority.NIGHTLY);
        assertThat(changed.actor()).contains("somebody");
        assertThat(changed.reason()).contains("ticket 7");
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withConsentWait(Duration.ofSeconds(-1)));
    }

    @Test
    @SuppressWarnings("NullAway") // callers may have no checker
    void nullIsRefusedAtTheDoor() {
        assertThatNullPointerException().isThrownBy(() -> new TenantId(null));
        assertThatNullPointerException().isThrownBy(() -> new AppId(null));
        assertThatNullPointerException().isThrownBy(() -> TenantId.of(null));
        assertThatNullPointerException().isThrownBy(() -> RequiredPermissionSet.fromManifestJson("x", null));
        assertThatNullPointerException()
                .isThrownBy(() -> RefreshOptions.defaults().withActor(null));
        assertThatNullPointerException().isThrownBy(() -> CpvFailure.builder(null, "x"));
    }

    @Test
    void R1_guidsAreOrderedAsTheirTexts() {
        List<String> texts = List.of(
                "00000000-0000-0000-0000-000000000000",
                "00000000-0000-0000-7fff-ffffffffffff",
                "00000000-0000-0000-8000-000000000000",
                "7fffffff-ffff-ffff-0000-000000000000",
                "80000000-0000-0000-0000-000000000000",
                "80000000-0000-0000-0000-000000000001");
        List<String> reversed = new ArrayList<>(texts);
        Collections.reverse(reversed);

        assertThat(reversed.stream().map(AppId::of).sorted())
                .extracting(AppId::toString)
                .isEqualTo(texts);
        assertThat(reversed.stream().map(TenantId::of).sorted())
                .extracting(TenantId::toString)
                .isEqualTo(texts);
        assertThat(reversed.stream()
                        .map(id -> new AssignedAppRole(AppId.MICROSOFT_GRAPH, UUID.fromString(id)))
                        .sorted())
                .extracting(role -> role.appRoleId().toString())
                .isEqualTo(texts);
    }
}
