package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.testing.FakeTenantDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link RefreshJob} does with failures of single permissions. */
class RefreshJobTicketsTest {
    private static final String CONTOSO = "0b7d5f4e-6c1a-4f0e-9d53-1a2b3c4d5e6f";
    private static final List<String> ROLES =
            List.of("df021288-bdef-4463-88db-98f22de89214", "7ab1d382-f21e-4acd-a863-ba3e13f7da61");

    @Test
    void permissionsThatFailForOneReasonAreOneTicket() {
        RequiredPermissionSet.Builder set = RequiredPermissionSet.builder("tool");
        ROLES.forEach(role -> set.application(AppId.MICROSOFT_GRAPH, role));
        RequiredPermissionSet required = set.build();
        FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
        ROLES.forEach(role -> directory
                .tenant(CONTOSO)
                .failNext(
                        new PlanStep.AssignAppRole(AppId.MICROSOFT_GRAPH, UUID.fromString(role)),
                        CpvFailure.of(FailureCode.DELEGATED_ADMIN_ROLE_MISSING, "Role " + role + " was refused")));
        List<String> tickets = new ArrayList<>();

        new RefreshJob(CpvClient.create(directory, required), tickets::add).run(List.of(CONTOSO));

        assertThat(tickets).singleElement().asString().startsWith(CONTOSO + ": Partner: ");
    }
}
