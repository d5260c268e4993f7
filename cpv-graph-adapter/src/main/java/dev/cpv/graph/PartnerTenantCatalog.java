package dev.cpv.graph;

import dev.cpv.graph.internal.catalog.CustomerList;
import dev.cpv.graph.internal.catalog.Relationship;
import dev.cpv.model.Cancellation;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantCatalogException;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Duration;
import java.util.Objects;

/**
 * The partner's customers as a {@link TenantCatalog}: every tenant with a delegated admin relationship (GDAP) of any
 * status, and every customer of Partner Center. A tenant that cannot be managed is listed with the reason. The partner's own
 * tenant and direct tenants are not listed.
 *
 * <p>A listing takes a request for 300 relationships and one for 500 customers of Partner Center, in the partner's own tenant:
 * 54 for 10,000 customers. It blocks the calling thread; it returns the complete list or throws. Tokens, connections and the
 * clock are the directory's. Thread-safe.
 *
 * <p>The service account needs the delegated permission {@code DelegatedAdminRelationship.Read.All} of Microsoft Graph, see
 * https://learn.microsoft.com/graph/api/tenantrelationship-list-delegatedadminrelationships. The groups that hold the roles of a
 * relationship are not read, since that takes a request for each relationship; a refresh reports what is missing.
 */
public final class PartnerTenantCatalog implements TenantCatalog {
    private final GraphTenantDirectory directory;
    private final Duration timeout;
    private final Duration propagation;
    private final boolean partnerCenter;

    private PartnerTenantCatalog(Builder builder) {
        directory = builder.directory;
        timeout = builder.timeout;
        propagation = builder.propagation;
        partnerCenter = builder.partnerCenter;
    }

    /**
     * Creates a catalog with default settings.
     *
     * @param directory the directory whose partner, tokens and connections are used; it has to stay open
     * @return the catalog
     * @throws IllegalArgumentException if the directory's cloud is not the global one
     */
    public static PartnerTenantCatalog of(GraphTenantDirectory directory) {
        return builder(directory).build();
    }

    /**
     * Starts a catalog.
     *
     * @param directory the directory whose partner, tokens and connections are used; it has to stay open
     * @return a builder
     * @throws IllegalArgumentException if the directory's cloud is not the global one: Microsoft has no such list in other
     *     clouds
     */
    public static Builder builder(GraphTenantDirectory directory) {
        return new Builder(directory);
    }

    /**
     * Lists all customers.
     *
     * @throws TenantCatalogException if a page cannot be read after retries, the timeout is reached, or the caller cancels
     */
    @Override
    public CatalogSnapshot list(Cancellation cancellation) {
        TenantCatalogException.throwIfCancelled(cancellation);
        try {
            return CustomerList.read(
                    directory.startPartnerOperation(timeout, cancellation),
                    directory.relationships(),
                    partnerCenter ? directory.resellerCustomers() : null,
                    directory.clock().instant(),
                    propagation);
        } catch (TenantDirectoryException e) {
            TenantCatalogException.throwIfCancelled(cancellation);
            throw new TenantCatalogException(e.failure(), e);
        }
    }

    /** Builds a catalog. Everything has a default. Not thread-safe. */
    public static final class Builder {
        private final GraphTenantDirectory directory;
        private Duration timeout = Duration.ofMinutes(10);
        private Duration propagation = Relationship.PROPAGATION;
        private boolean partnerCenter = true;

        private Builder(GraphTenantDirectory directory) {
            this.directory = directory;
            MicrosoftCloud cloud = directory.cloud();
            if (!cloud.graphAudience().equals(MicrosoftCloud.GLOBAL.graphAudience())) {
                throw new IllegalArgumentException(
                        "Microsoft lists delegated admin relationships only in the global cloud, not in '" + cloud
                                + "': supply your own list with TenantCatalog.of(tenants)");
            }
        }

        /**
         * Sets how long a listing may take, including waits for the service.
         *
         * @param value the default is ten minutes
         * @return this builder
         * @throws IllegalArgumentException if it is not more than zero
         */
        public Builder timeout(Duration value) {
            timeout = positive("timeout", value);
            return this;
        }

        /**
         * Sets the time from the activation of a relationship until it works everywhere. Until then its customer is listed as
         * {@link dev.cpv.model.FailureCode#DELEGATED_ADMIN_NOT_READY}.
         *
         * @param value the default is 15 minutes
         * @return this builder
         * @throws IllegalArgumentException if it is less than zero
         */
        public Builder propagation(Duration value) {
            propagation = Objects.requireNonNull(value, "propagation");
            if (value.isNegative()) {
                throw new IllegalArgumentException("propagation must not be less than zero: " + value);
            }
            return this;
        }

        /**
         * Leaves Partner Center out: then neither customers without a relationship nor domains are listed.
         *
         * @return this builder
         */
        public Builder withoutPartnerCenter() {
            partnerCenter = false;
            return this;
        }

        private static Duration positive(String what, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(what + " must be more than zero: " + value);
            }
            return value;
        }

        /**
         * Builds the catalog. Nothing is sent yet.
         *
         * @return the catalog
         */
        public PartnerTenantCatalog build() {
            return new PartnerTenantCatalog(this);
        }
    }
}
