package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The list of customers and one customer. */
final class CustomerEndpoint {
    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern TOKEN = Pattern.compile("next:(\\d+):(\\d+)");
    private static final int MAX_SIZE = 500;

    private final World world;

    CustomerEndpoint(World world) {
        this.world = world;
    }

    /** The customer with an id from a path; the partner's own tenant is not a customer. */
    static SimulatedTenant known(World world, String customerId) {
        if (!GUID.matcher(customerId).matches()) {
            throw PartnerCenterErrors.of(400, "900118", "Invalid Customer Id");
        }
        SimulatedTenant tenant = world.tenant(customerId)
                .filter(found -> !found.partner() && found.behaviour().knownToPartner())
                .orElseThrow(PartnerCenterErrors::notFound);
        if (tenant.behaviour().deleted() || tenant.behaviour().deprovisioned()) {
            throw PartnerCenterErrors.tenantGone();
        }
        return tenant;
    }

    WireAnswer get(String customerId) {
        SimulatedTenant tenant = known(world, customerId);
        ObjectNode customer = item(tenant);
        customer.put("commerceId", tenant.id());
        customer.put("allowDelegatedAccess", false);
        customer.set("customDomains", Json.array(tenant.domains()));
        ((ObjectNode) customer.path("companyProfile"))
                .put("email", "admin@" + tenant.domains().get(0));
        customer.set("links", Json.object().set("self", link("/v1/customers/" + tenant.id())));
        return WireAnswer.json(200, customer);
    }

    WireAnswer list(WireRequest request) {
        if (!world.partnerBehaviour().reseller()) {
            throw PartnerCenterErrors.denied();
        }
        Map<String, String> parameters = request.parameters();
        List<SimulatedTenant> all = listed(parameters.getOrDefault("filter", ""));
        int size = size(parameters.getOrDefault("size", "0"), all.size());
        int start = 0;
        String seek = parameters.getOrDefault("seekOperation", "");
        if (!seek.isEmpty()) {
            int[] token = token(request.header("MS-ContinuationToken").orElse(""));
            size = token[1];
            start = seek.equalsIgnoreCase("Previous") ? Math.max(0, token[0] - 2 * size) : token[0];
        }
        return page(all, start, size, parameters.getOrDefault("size", "0"));
    }

    private WireAnswer page(List<SimulatedTenant> all, int start, int size, String sizeText) {
        int from = Math.min(start, all.size());
        int end = Math.min(from + size, all.size());
        ObjectNode body = Json.object();
        body.put("totalCount", all.size());
        ArrayNode items = body.putArray("items");
        all.subList(from, end).forEach(tenant -> items.add(item(tenant)));
        ObjectNode links = body.putObject("links");
        links.set("self", link("/v1/customers?size=" + sizeText));
        if (end < all.size()) {
            next(body, links, end, size, sizeText);
        }
        body.putObject("attributes").put("objectType", "Collection");
        return WireAnswer.json(200, body);
    }

    private void next(ObjectNode body, ObjectNode links, int end, int size, String sizeText) {
        String token =
                Base64.getUrlEncoder().encodeToString(("next:" + end + ":" + size).getBytes(StandardCharsets.UTF_8));
        ObjectNode next = link("/v1/customers?size=" + sizeText + "&seekOperation=Next");
        if (world.partnerBehaviour().continuationInLinks()) {
            next.withArray("headers")
                    .addObject()
                    .put("key", "MS-ContinuationToken")
                    .put("value", token);
        }
        links.set("next", next);
        if (world.partnerBehaviour().continuationInBody()) {
            body.put("continuationToken", token);
        }
    }

    /** Customers with a reseller relationship, without those that only have GDAP. */
    private List<SimulatedTenant> listed(String filter) {
        String prefix = filter.isEmpty()
                ? ""
                : Json.parseObject(filter)
                        .filter(f -> Json.member(f, "Field").asText().equals("CompanyName"))
                        .map(f -> Json.member(f, "Value").asText().toLowerCase(Locale.ROOT))
                        .orElseThrow(() -> PartnerCenterErrors.invalid("filter"));
        return world.customers().stream()
                .filter(tenant -> tenant.behaviour().knownToPartner()
                        && tenant.behaviour().listedByPartnerCenter())
                .filter(tenant -> tenant.displayName().toLowerCase(Locale.ROOT).startsWith(prefix))
                .toList();
    }

    /** Zero means all. */
    private static int size(String text, int all) {
        try {
            int size = Integer.parseInt(text);
            if (size >= 0 && size <= MAX_SIZE) {
                return size == 0 ? Math.max(1, all) : size;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw PartnerCenterErrors.invalid("size " + text);
    }

    private static int[] token(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            var matcher = TOKEN.matcher(plain);
            if (matcher.matches()) {
                return new int[] {Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))};
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw PartnerCenterErrors.invalid("MS-ContinuationToken");
    }

    private static ObjectNode item(SimulatedTenant tenant) {
        ObjectNode item = Json.object();
        item.put("id", tenant.id());
        ObjectNode profile = item.putObject("companyProfile");
        profile.put("tenantId", tenant.id());
        profile.put("domain", tenant.domains().get(0));
        profile.put("companyName", tenant.displayName());
        profile.putObject("attributes").put("objectType", "CustomerCompanyProfile");
        item.put("relationshipToPartner", tenant.behaviour().listedByPartnerCenter() ? "reseller" : "none");
        item.putObject("attributes").put("objectType", "Customer");
        return item;
    }

    private static ObjectNode link(String uri) {
        ObjectNode link = Json.object();
        link.put("uri", uri);
        link.put("method", "GET");
        link.putArray("headers");
        return link;
    }
}
