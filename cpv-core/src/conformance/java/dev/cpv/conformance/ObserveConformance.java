package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The part of {@link TenantDirectoryConformance} about how a session opens, what it sees in a tenant, and how it ends: rules 1,
 * 2, 12, 16 and 17, and rule 8 for reads. Extend it to run this part alone.
 */
public abstract class ObserveConformance extends TenantSessionSuite {
    /** Creates the suite; JUnit does so before each test. */
    protected ObserveConformance() {}

    /** Rule 1: without consent, {@code observe} returns a tenant that is not consented, with the service's reason. */
    @Test
    public final void rule1_observeAnswersNotConsentedInsteadOfThrowing() {
        TenantId tenant = subject.create(TenantTruth.neverConsented());

        ObservedTenant seen = look(open(tenant));

        assertEquals(Visibility.NOT_CONSENTED, seen.visibility(), "Rule 1: the visibility of a tenant without consent");
        assertTrue(seen.cause().isPresent(), "Rule 1: the cause that the token endpoint gave has to be reported");
        assertEquals(tenant, seen.tenant(), "Rule 1: the answer is about the tenant that was asked for");
    }

    /** Rule 2: present and absent resources are distinguished; no requested resource is left unknown. */
    @Test
    public final void rule2_observeSaysOfEveryResourceWhetherItIsPresent() {
        TenantId tenant = subject.create(TenantTruth.withConsent().without(other));

        ObservedTenant seen = look(open(tenant));

        for (AppId resource : subject.required().resources()) {
            Presence expected = resource.equals(other) ? Presence.ABSENT : Presence.PRESENT;
            assertEquals(expected, seen.resource(resource).presence(), "Rule 2: the presence of " + resource);
        }
    }

    /** Rule 2: what is granted is seen, on resources that were not requested too (else extras go unseen). */
    @Test
    public final void rule2_observeShowsAllThatIsGranted() {
        TenantTruth state = TenantTruth.withConsent()
                .withAppRole(graph, role(graph, 0))
                .withAppRole(other, role(other, 0))
                .withGrant(other, scopes(other));
        TenantId tenant = subject.create(state);

        ObservedTenant seen = open(tenant).observe(Set.of(graph));

        assertEquals(Visibility.VISIBLE, seen.visibility(), "Rule 2: the visibility of a tenant with consent");
        assertEquals(state.appRoles(), seen.appRoles(), "Rule 2: the app roles that are seen");
        assertEquals(state.grants(), sorted(seen.grants()), "Rule 2: the tenant-wide grants that are seen");
    }

    /** Rule 2: users' own grants are not shown (R11). */
    @Test
    public final void rule2_observeHidesUsersOwnGrants() {
        needs(Ability.USER_GRANTS);
        TenantTruth state =
                TenantTruth.withConsent().withUserGrant(userGrantOnGraph()).withUserGrant(userGrantOnOther());
        TenantId tenant = subject.create(state);

        ObservedTenant seen = look(open(tenant));

        assertEquals(state.grants(), sorted(seen.grants()), "Rule 2: tenant-wide grants alone are shown");
    }

    /** Rule 2: several tenant-wide grants for one resource are shown one by one (R13). */
    @Test
    public final void rule2_observeShowsEachOfSeveralGrants() {
        needs(Ability.DUPLICATE_GRANTS);
        TenantTruth state = withTwoGrants();
        TenantId tenant = subject.create(state);

        ObservedTenant seen = look(open(tenant));

        assertEquals(state.grants(), sorted(seen.grants()), "Rule 2: each of several grants is shown");
    }

    /** Rule 8: a failure of the services is a {@link TenantDirectoryException}. */
    @Test
    public final void rule8_remoteCauseIsTenantDirectoryException() {
        needs(Ability.BREAK_DOWN);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        subject.breakDown(tenant);

        assertThrowsDirectoryException("observe", () -> look(open(tenant)));
        assertThrowsDirectoryException("definitions", () -> open(tenant).definitions(Set.of(other)));
    }

    /** Rule 12: definitions contain what the resource publishes in this very tenant. */
    @Test
    public final void rule12_definitionsAreReadInTheTenantItself() {
        needs(Ability.WITHHELD_ROLE);
        TenantId usual = subject.create(TenantTruth.withConsent());
        TenantId special = subject.create(TenantTruth.withConsent());
        subject.withhold(special, other, role(other, 0));

        assertTrue(offers(usual, role(other, 0)), "Rule 12: the role is offered in a usual tenant");
        assertTrue(!offers(special, role(other, 0)), "Rule 12: the role is not offered where it is withheld");
        assertTrue(offers(special, role(other, 1)), "Rule 12: the other role is offered there");
    }

    /** Rule 16: opening a session sends nothing, and neither does closing it. */
    @Test
    public final void rule16_openSendsNothing() {
        TenantId tenant = subject.create(TenantTruth.withConsent());
        RefreshContext context = start(tenant);

        TenantSession session = subject.directory().open(context);
        assertEquals(0, context.requests(), "Rule 16: the requests of open");
        session.close();

        assertEquals(0, context.requests(), "Rule 17: the requests of close");
    }

    /** Rule 16: a session opens where nothing can be reached: the first call reports what is wrong. */
    @Test
    public final void rule16_openSucceedsWhereNothingCanBeReached() {
        needs(Ability.BREAK_DOWN);
        TenantId tenant = subject.create(TenantTruth.withConsent());
        subject.breakDown(tenant);

        passes("Rule 16: open", () -> open(tenant));
    }

    /** Rule 16: a session continues after another one of the same tenant was closed, and sees the tenant as it is. */
    @Test
    public final void rule16_sessionsOfOneTenantAreIndependent() {
        TenantId tenant = subject.create(TenantTruth.withConsent());
        TenantSession first = subject.directory().open(start(tenant));
        look(first);
        TenantSession second = observed(tenant);
        first.close();

        ObservedTenant seen = passes("Rule 16: a look after another session was closed", () -> look(second));

        assertEquals(Visibility.VISIBLE, seen.visibility(), "Rule 16: what the other session sees");
    }

    /** Rule 17: closing twice is harmless. */
    @Test
    public final void rule17_closingTwiceIsHarmless() {
        TenantSession session = subject.directory().open(start(subject.create(TenantTruth.withConsent())));
        look(session);

        session.close();
        passes("Rule 17: the second close", () -> {
            session.close();
            return session;
        });
    }

    /** Rule 17: a closed session refuses every call, and sends and writes nothing. */
    @Test
    public final void rule17_closedSessionRefusesEveryCall() {
        TenantId tenant = subject.create(TenantTruth.withConsent());
        RefreshContext context = start(tenant);
        TenantSession session = subject.directory().open(context);
        look(session);
        int requests = context.requests();
        session.close();

        refused("observe", () -> look(session));
        refused("definitions", () -> session.definitions(Set.of(other)));
        refused("consent", () -> session.consent(consent()));
        refused("apply", () -> session.apply(additions(), (step, result) -> {}));
        if (!subject.missing().contains(Ability.RESET)) {
            refused("snapshot", session::snapshot);
            refused("removeConsent", session::removeConsent);
            refused("deleteServicePrincipal", session::deleteServicePrincipal);
            refused("restore", () -> session.restore(List.copyOf(rich().allAssignments()), (step, result) -> {}));
        }

        assertEquals(requests, context.requests(), "Rule 17: the requests of a closed session");
        assertEquals(TenantTruth.withConsent(), subject.read(tenant), "Rule 17: a closed session changes nothing");
    }

    private static void refused(String call, Executable work) {
        assertThrows(IllegalStateException.class, work, "Rule 17: " + call + " after close");
    }

    private boolean offers(TenantId tenant, UUID role) {
        TenantSession session = open(tenant);
        look(session);
        ResourceDefinition definition = session.definitions(Set.of(other)).get(other);
        if (definition == null) {
            return fail("Rule 12: the definition of a present resource is missing");
        }
        assertTrue(definition.isOfTenant(), "Rule 12: a definition that was read in the tenant says so");
        return definition.appRole(role).filter(AppRole::assignable).isPresent();
    }
}
