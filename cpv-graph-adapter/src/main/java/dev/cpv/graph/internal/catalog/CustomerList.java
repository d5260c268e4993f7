package dev.cpv.graph.internal.catalog;

import dev.cpv.graph.internal.catalog.Relationship.Standing;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Remediation;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RefreshContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Merges relationships and Partner Center's customers into one list, in any order. It keeps one relationship and some facts for
 * every customer, so memory grows with the customers and not with their history. Not thread-safe.
 */
public final class CustomerList {
    private final Instant now;
    private final Duration propagation;
    private final Map<TenantId, Customer> customers = new HashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private int unclaimed;

    private CustomerList(Instant now, Duration propagation) {
        this.now = now;
        this.propagation = propagation;
    }

    /**
     * Lists all customers.
     *
     * @param context the operation
     * @param relationships lists the relationships
     * @param resellerCustomers lists the customers of Partner Center, or null to omit them
     * @param now the current time
     * @param propagation how long a new relationship takes to work
     * @return the whole list
     * @throws dev.cpv.spi.TenantDirectoryException if it cannot be read completely
     */
    public static CatalogSnapshot read(
            RefreshContext context,
            Relationships relationships,
            @Nullable ResellerCustomers resellerCustomers,
            Instant now,
            Duration propagation) {
        CustomerList list = new CustomerList(now, propagation);
        relationships.list(context, list::add);
        if (resellerCustomers != null) {
            resellerCustomers.list(context, list::add).ifPresent(list::withoutPartnerCenter);
        }
        return list.snapshot();
    }

    private void add(Relationship relationship) {
        relationship.customer().ifPresentOrElse(tenant -> of(tenant).add(relationship), () -> unclaimed++);
    }

    private void add(ResellerCustomer reseller) {
        of(reseller.tenant()).reseller = reseller;
    }

    private Customer of(TenantId tenant) {
        return customers.computeIfAbsent(tenant, key -> new Customer());
    }

    private void withoutPartnerCenter(CpvFailure why) {
        remarks.add(
                "Partner Center returned no list of customers, so customers without a delegated admin relationship (GDAP) are"
                        + " not listed: " + why.message());
    }

    private CatalogSnapshot snapshot() {
        if (unclaimed > 0) {
            remarks.add(unclaimed + " delegated admin relationships (GDAP) name no customer yet");
        }
        List<CatalogTenant> tenants = new ArrayList<>(customers.size());
        customers.forEach((id, customer) -> tenants.add(customer.tenant(id)));
        return new CatalogSnapshot(tenants, remarks);
    }

    /** What is known of one customer. */
    private final class Customer {
        private @Nullable Relationship best;
        private Standing standing = Standing.ENDED;
        private boolean administered;
        private boolean open;
        private @Nullable Instant since;
        private @Nullable Instant ends;
        private @Nullable ResellerCustomer reseller;

        void add(Relationship relationship) {
            Standing its = relationship.standing(now, propagation);
            int rank = its.compareTo(standing);
            if (best == null || rank < 0 || (rank == 0 && endsLater(relationship, best))) {
                best = relationship;
                standing = its;
            }
            if (its == Standing.USABLE) {
                use(relationship);
            }
        }

        /**
         * Of two relationships in the same state the one that ends last is reported, and if both end at the same time, the name
         * decides.
         */
        private static boolean endsLater(Relationship one, Relationship other) {
            return Comparator.comparing((Relationship r) -> r.endsAt().orElse(Instant.EPOCH))
                            .thenComparing(Relationship::name)
                            .compare(one, other)
                    > 0;
        }

        /** The roles of all working relationships are combined, and so are their times. */
        private void use(Relationship relationship) {
            administered |= relationship.administers();
            open |= relationship.prolongs() || relationship.endsAt().isEmpty();
            relationship.activatedAt().ifPresent(at -> since = since == null || at.isBefore(since) ? at : since);
            relationship.endsAt().ifPresent(at -> ends = ends == null || at.isAfter(ends) ? at : ends);
        }

        CatalogTenant tenant(TenantId id) {
            String gdapName = best == null ? "" : best.customerName();
            String name = gdapName.isBlank() && reseller != null ? reseller.name() : gdapName;
            return new CatalogTenant(
                    id,
                    name,
                    aliases(name),
                    obstacle(),
                    Optional.ofNullable(since).or(() -> best == null ? Optional.empty() : best.activatedAt()),
                    standing != Standing.USABLE || open ? Optional.empty() : Optional.ofNullable(ends));
        }

        private SortedSet<String> aliases(String name) {
            SortedSet<String> aliases = new TreeSet<>();
            if (reseller != null) {
                aliases.add(reseller.domain());
                aliases.add(reseller.name());
            }
            aliases.remove(name);
            aliases.remove("");
            return aliases;
        }

        private Optional<CpvFailure> obstacle() {
            Relationship reported = best;
            return reported == null ? Optional.of(noRelationship()) : obstacle(reported);
        }

        private CpvFailure noRelationship() {
            return CpvFailure.builder(
                            FailureCode.DELEGATED_ADMIN_MISSING,
                            "Partner Center lists the customer, but there is no delegated admin relationship (GDAP)")
                    .remediation(new Remediation(
                            Remediation.Party.PARTNER,
                            "Offer the customer a relationship (GDAP) with Cloud Application Administrator or Application"
                                    + " Administrator: a reseller relationship gives no access."))
                    .build();
        }

        private Optional<CpvFailure> obstacle(Relationship reported) {
            String named = "The relationship '" + reported.name() + "' ";
            return switch (standing) {
                case USABLE ->
                    administered
                            ? Optional.empty()
                            : Optional.of(CpvFailure.of(
                                    FailureCode.DELEGATED_ADMIN_ROLE_MISSING,
                                    "No relationship has a role with which permissions can be granted"));
                case NOT_READY -> Optional.of(notReady(reported, named));
                case PENDING ->
                    Optional.of(CpvFailure.of(
                            FailureCode.DELEGATED_ADMIN_PENDING, named + "has the status " + reported.status()));
                case READ_ONLY ->
                    Optional.of(CpvFailure.of(FailureCode.DELEGATED_ADMIN_READ_ONLY, named + "is the only one"));
                case ENDED -> Optional.of(CpvFailure.of(FailureCode.DELEGATED_ADMIN_ENDED, named + ended(reported)));
                case UNKNOWN ->
                    Optional.of(CpvFailure.of(
                            FailureCode.DELEGATED_ADMIN_MISSING,
                            named + "has the unknown status '" + reported.status() + "'"));
            };
        }

        private CpvFailure notReady(Relationship reported, String named) {
            Optional<Instant> ready = reported.readyAt(propagation);
            return CpvFailure.builder(
                            FailureCode.DELEGATED_ADMIN_NOT_READY,
                            named
                                    + ready.map(at -> "works everywhere from " + at + " on")
                                            .orElse("has the status " + reported.status()))
                    .retryAfter(ready.map(at -> Duration.between(now, at)).orElse(propagation))
                    .build();
        }

        private static String ended(Relationship reported) {
            boolean past = reported.status().equalsIgnoreCase("active");
            return (past ? "is past its end" : "has the status " + reported.status())
                    + reported.endsAt().map(end -> ", its end is " + end).orElse("");
        }
    }
}
