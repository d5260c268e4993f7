package dev.cpv.graph.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Guids;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectoryException;

/**
 * A customer as Partner Center lists it: see https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers.
 *
 * @param tenant the customer's tenant, which is its id at Partner Center too
 * @param name the name of the company, or an empty text
 * @param domain its first domain, or an empty text
 */
record ResellerCustomer(TenantId tenant, String name, String domain) {
    static ResellerCustomer parse(JsonNode node) {
        JsonNode profile = node.path("companyProfile");
        String id = profile.path("tenantId").asText(node.path("id").asText(""));
        // The list would be incomplete without this customer.
        TenantId tenant = Guids.find(id)
                .map(TenantId::new)
                .orElseThrow(() -> new TenantDirectoryException(
                        CpvFailure.of(
                                FailureCode.ANSWER_UNREADABLE,
                                "Partner Center lists a customer whose id is not a tenant's"),
                        null));
        return new ResellerCustomer(
                tenant,
                profile.path("companyName").asText(""),
                profile.path("domain").asText(""));
    }
}
