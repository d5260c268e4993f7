package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.ObservedTenant.Visibility;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** R17: what is believed of a tenant after a step, without another look. */
class ObservedTenantTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final AppId API = AppId.of("fc780465-2017-40d4-a0c5-307022471b92");
    private static final CpvFailure REFUSED = CpvFailure.of(FailureCode.CONSENT_MISSING, "AADSTS65001");

    @Test
    void R17_afterConsentTheTenantIsVisibleWithTheScopesThatWereConsented() {
        ObservedTenant before = ObservedTenant.notConsented(TENANT, TenantRoute.CUSTOMER, REFUSED, List.of());

        ObservedTenant after = before.after(new PlanStep.Consent(API, List.of("Thing.Write", "Thing.Read")), null);

        assertThat(after.visibility()).isEqualTo(Visibility.VISIBLE);
        assertThat(after.cause()).isEmpty();
        assertThat(after.grants()).containsExactly(new TenantWideGrant(API, List.of("Thing.Read", "Thing.Write")));
        assertThat(before.grants()).isEmpty();
    }

    @Test
    void R17_afterTheDeletionOfTheServicePrincipalNothingIsHeld() {
        ObservedTenant before = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .appRole(new AssignedAppRole(API, new UUID(0, 1)))
                .grant(new TenantWideGrant(API, List.of("Thing.Read")))
                .build();

        ObservedTenant after = before.after(new ResetStep.DeleteServicePrincipal(), null);

        assertThat(after.visibility()).isEqualTo(Visibility.NOT_CONSENTED);
        assertThat(after.cause().map(CpvFailure::code)).contains(FailureCode.CONSENT_MISSING);
        assertThat(after.appRoles()).isEmpty();
        assertThat(after.grants()).isEmpty();
    }
}
