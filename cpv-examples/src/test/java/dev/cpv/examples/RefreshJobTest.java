package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.testing.FakeTenantDirectory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// tag::test
class RefreshJobTest {
    private static final String CONTOSO = "0b7d5f4e-6c1a-4f0e-9d53-1a2b3c4d5e6f";
    private static final String FABRIKAM = "7c2e9a10-3b4d-4c5e-8f60-0123456789ab";

    private final RequiredPermissionSet required = RequiredPermissionSet.builder("tool")
            .application(AppId.MICROSOFT_GRAPH, "df021288-bdef-4463-88db-98f22de89214") // User.Read.All
            .build();
    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
    private final List<String> tickets = new ArrayList<>();
    private final RefreshJob job = new RefreshJob(CpvClient.create(directory, required), tickets::add);

    @Test
    void opensATicketOnlyWhereAPersonHasToAct() {
        directory.tenant(FABRIKAM).failNext(CpvFailure.of(FailureCode.APP_DISABLED_BY_CUSTOMER, "Disabled"));

        job.run(List.of(CONTOSO, FABRIKAM));

        assertThat(directory.tenant(CONTOSO).appRoles()).hasSize(1);
        assertThat(tickets).singleElement().asString().startsWith(FABRIKAM + ": Customer: Enable sign-in");
    }
}
// end::test
