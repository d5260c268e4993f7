package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
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

    /** RFC 6749, section 3.3, has the characters of a scope. */
    @Test
    void valueNameIsPrintableAsciiWithoutWhiteSpaceQuotationMarkAndBackslash() {
        for (String good : List.of("!", "~", "#", "[", "]", "user_impersonation", "x".repeat(250))) {
            assertThat(new RequiredPermission(API, PermissionType.DELEGATED, good).id())
                    .isEqualTo(good);
        }
        for (String bad : List.of("", " ", "a b", "\"", "\\", "\u007f", "\u00ef", "a\n", "x".repeat(251))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RequiredPermission(API, PermissionType.DELEGATED, bad))
                    .withMessageContaining("value name");
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
        assertThat(new PlanStep.Consent(API, List.of("a")).isAddition()).isTrue();
        assertThat(new ResetStep.RemoveConsent().isAddition()).isFalse();
        assertThat(new ResetStep.DeleteServicePrincipal().isAddition()).isFalse();
    }

    @Test
    void R19_stepsOfAResetAndWhatIsGivenBackAreDescribedForPeople() {
        UUID role = UUID.fromString("11111111-0000-4000-8000-000000000001");

        assertThat(new ResetStep.RemoveConsent().describe()).isEqualTo("remove the consent");
        assertThat(new ResetStep.DeleteServicePrincipal().describe()).isEqualTo("delete the service principal");
        assertThat(new ResetStep.RestoreAssignment(new PrincipalAssignment.GroupMembership("g-1", "")).describe())
                .as("a name may be unknown")
                .isEqualTo("restore: member of group g-1");
        assertThat(new PrincipalAssignment.UserGrant("u-1", API, List.of("b", "a")).describe())
                .isEqualTo("grant of user u-1 for " + API + ": a b");
        assertThat(new PrincipalAssignment.AppAssignment("u-1", role, "Ann").describe())
                .isEqualTo("assigned to the application: u-1 \"Ann\"");
        assertThat(new PrincipalAssignment.DirectoryRole(role, "Readers").describe())
                .isEqualTo("directory role " + role + " \"Readers\"");
    }

    @Test
    void R19_snapshotsAreEqualInWhateverOrderTheTenantListsWhatItHolds() {
        TenantId tenant = TenantId.of(GUID);
        List<TenantWideGrant> grants =
                List.of(new TenantWideGrant(API, List.of("a", "b")), new TenantWideGrant(API, List.of("c")));
        List<PrincipalAssignment> assignments = List.of(
                new PrincipalAssignment.GroupMembership("1", ""), new PrincipalAssignment.GroupMembership("2", ""));
        List<UnrestorableItem> losses = List.of(new UnrestorableItem("x", "?"), new UnrestorableItem("y", "?"));

        assertThat(new TenantSnapshot(
                        tenant, new TreeSet<>(), reversed(grants), reversed(assignments), reversed(losses)))
                .isEqualTo(new TenantSnapshot(tenant, new TreeSet<>(), grants, assignments, losses));
    }

    private static <T> List<T> reversed(List<T> values) {
        List<T> reversed = new ArrayList<>(values);
        Collections.reverse(reversed);
        return reversed;
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
        assertThat(CpvFailure.of(FailureCode.UNKNOWN, "x".repeat(1_000)).message())
                .as("as long as it may be")
                .isEqualTo("x".repeat(1_000));
    }

    @Test
    void failurePrintsItsCodeThatOfTheServiceAndItsMessage() {
        assertThat(CpvFailure.of(FailureCode.THROTTLED, "Too many requests"))
                .hasToString("THROTTLED: Too many requests");
        assertThat(CpvFailure.builder(FailureCode.CONSENT_MISSING, "No consent")
                        .serviceCode("AADSTS65001")
                        .build())
                .hasToString("CONSENT_MISSING (AADSTS65001): No consent");
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
                .withVerification(WriteVerification.READ_BACK)
                .withActor("somebody")
                .withReason("ticket 7");

        assertThat(defaults.extraGrants()).isEqualTo(ExtraGrants.KEEP);
        assertThat(defaults.consentWait()).isEqualTo(Duration.ofMinutes(3));
        assertThat(changed.extraGrants()).isEqualTo(ExtraGrants.REVOKE);
        assertThat(changed.timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(changed.consentWait()).isZero();
        assertThat(changed.priority()).isEqualTo(Priority.NIGHTLY);
        assertThat(changed.verification()).isEqualTo(WriteVerification.READ_BACK);
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
