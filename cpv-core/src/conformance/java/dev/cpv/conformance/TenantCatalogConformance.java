package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantCatalogException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link TenantCatalog} as tests. Extend this class in your own tests, return a catalog, and set up what it lists. The
 * names of the tests and their messages begin with the number of the rule.
 */
public abstract class TenantCatalogConformance {
    private static final int MANY = 1_203;
    private static final int THREADS = 8;

    /** Creates the suite; JUnit does so before each test. */
    protected TenantCatalogConformance() {}

    /**
     * Sets up exactly these tenants, all of them manageable, and returns the catalog that lists them. Called once per test.
     *
     * @param tenants the tenants; only id and name of each matter
     */
    protected abstract TenantCatalog catalog(List<CatalogTenant> tenants);

    /**
     * Removes the partner's right to manage a tenant that stays in the list, and returns whether that was possible. Do nothing and return
     * false if the catalog lists only manageable tenants.
     */
    protected boolean makeUnmanageable(TenantId tenant) {
        return false;
    }

    /**
     * Makes the next listing fail half-way, as if a service returned the first page and no second one, and returns whether that was
     * possible. Do nothing and return false if the catalog cannot fail.
     */
    protected boolean failHalfWay() {
        return false;
    }

    /**
     * Adds a manageable tenant to the list, and returns whether that was possible. Do nothing and return false if the catalog's list never
     * changes.
     */
    protected boolean add(CatalogTenant tenant) {
        return false;
    }

    /** Rule 1: all tenants are listed, even where a service returns them in pages. */
    @Test
    public final void rule1_wholeListIsGiven() {
        List<CatalogTenant> tenants = tenants(MANY);

        assertEquals(ids(tenants), ids(list(catalog(tenants))), "Rule 1: the tenants of the list");
    }

    /** Rule 1: a list without tenants is a list too. */
    @Test
    public final void rule1_emptyListIsGiven() {
        TenantCatalog catalog = catalog(List.of());

        assertEquals(
                List.of(),
                assertDoesNotThrow(() -> list(catalog), "Rule 1: listing no tenants"),
                "Rule 1: the tenants of an empty list");
    }

    /** Rules 1 and 5: a part of the list is never returned. */
    @Test
    public final void rule1_rule5_failureHalfWayGivesNoList() {
        TenantCatalog catalog = catalog(tenants(MANY));
        assumeTrue(failHalfWay(), "This catalog cannot fail");

        assertThrows(TenantCatalogException.class, () -> list(catalog), "Rules 1 and 5: a listing that fails half-way");
    }

    /** Rule 2: two tenants with the same name are two tenants. */
    @Test
    public final void rule2_sameNameIsNotSameTenant() {
        List<CatalogTenant> tenants = List.of(CatalogTenant.of(id(), "Contoso"), CatalogTenant.of(id(), "Contoso"));

        assertEquals(ids(tenants), ids(list(catalog(tenants))), "Rule 2: tenants with the same name");
    }

    /** Rule 3: a tenant that cannot be managed is listed with the reason. */
    @Test
    public final void rule3_whatCannotBeManagedIsListedWithTheReason() {
        List<CatalogTenant> tenants = tenants(2);
        TenantId lost = tenants.get(0).id();
        TenantCatalog catalog = catalog(tenants);
        assumeTrue(makeUnmanageable(lost), "This catalog lists only manageable tenants");

        List<CatalogTenant> listed = list(catalog);

        assertEquals(ids(tenants), ids(listed), "Rule 3: the tenants of the list");
        assertEquals(
                Set.of(lost),
                listed.stream()
                        .filter(tenant -> !tenant.isManageable())
                        .map(CatalogTenant::id)
                        .collect(Collectors.toSet()),
                "Rule 3: those that cannot be managed");
    }

    /** Rule 4: without a change, two listings are equal. */
    @Test
    public final void rule4_sameListIsEqual() {
        TenantCatalog catalog = catalog(tenants(3));

        assertEquals(list(catalog), list(catalog), "Rule 4: two listings without a change in between");
    }

    /** Rule 4: the next call lists a new tenant. */
    @Test
    public final void rule4_newTenantIsSeen() {
        TenantCatalog catalog = catalog(tenants(2));
        list(catalog);
        CatalogTenant added = CatalogTenant.of(id(), "New");
        assumeTrue(add(added), "This catalog's list never changes");

        assertTrue(ids(list(catalog)).contains(added.id()), "Rule 4: the tenant that was added");
    }

    /** Rule 6: a cancelled call returns no list. */
    @Test
    public final void rule6_cancelledListingThrows() {
        TenantCatalog catalog = catalog(tenants(2));
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        TenantCatalogException thrown = assertThrows(
                TenantCatalogException.class, () -> catalog.list(cancellation), "Rule 6: after cancelling");
        assertEquals(FailureCode.CANCELLED, thrown.failure().code(), "Rule 6: the code after cancelling");
    }

    /**
     * Rule 7: many threads get the same list.
     *
     * @throws Exception if the test is interrupted
     */
    @Test
    public final void rule7_manyThreadsGetTheSameList() throws Exception {
        TenantCatalog catalog = catalog(tenants(20));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<CatalogTenant>>> lists = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                lists.add(threads.submit(() -> list(catalog)));
            }
            for (Future<List<CatalogTenant>> listed : lists) {
                assertDoesNotThrow(() -> listed.get(), "Rule 7: a call on one of many threads");
                assertEquals(lists.get(0).get(), listed.get(), "Rule 7: the list of one of " + THREADS + " threads");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<CatalogTenant> list(TenantCatalog catalog) {
        CatalogSnapshot snapshot = catalog.list(new Cancellation());
        return snapshot.tenants();
    }

    private static List<CatalogTenant> tenants(int count) {
        List<CatalogTenant> tenants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tenants.add(CatalogTenant.of(id(), "Customer " + i));
        }
        return tenants;
    }

    private static Set<TenantId> ids(List<CatalogTenant> tenants) {
        return tenants.stream().map(CatalogTenant::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static TenantId id() {
        return new TenantId(UUID.randomUUID());
    }
}
