package dev.cpv.examples;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.PlanFormatException;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Approved plans that {@code refresh --dry-run --json} printed: as its lines, or only the plans.
 *
 * @param plans the plans, one for each tenant
 * @param withoutPlan tenants whose lines have no plan because they could not be observed; not the skipped ones
 */
record PlanFile(List<CpvRefreshPlan> plans, List<String> withoutPlan) {
    private static final ObjectReader READER = JsonMapper.builder()
            .build()
            .readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    PlanFile {
        plans = List.copyOf(plans);
        withoutPlan = List.copyOf(withoutPlan);
    }

    /**
     * Reads plans.
     *
     * @param source the name of the source, for messages
     * @param text JSON values, one after the other
     * @throws ConfigurationException if one of them is not a plan, or was changed since it was printed
     */
    static PlanFile read(String source, String text) {
        Map<TenantId, CpvRefreshPlan> plans = new LinkedHashMap<>();
        List<String> withoutPlan = new ArrayList<>();
        int line = 1;
        try (MappingIterator<JsonNode> values = READER.readValues(text)) {
            while (values.hasNextValue()) {
                line = values.getCurrentLocation().getLineNr();
                add(values.nextValue(), plans, withoutPlan);
            }
        } catch (IOException e) {
            throw refused(source, line, "not valid JSON");
        } catch (PlanFormatException | IllegalArgumentException e) {
            throw refused(source, line, String.valueOf(e.getMessage()));
        }
        if (plans.isEmpty() && withoutPlan.isEmpty()) {
            throw new ConfigurationException(
                    source + " contains no plan: give the output of 'refresh --dry-run --json'.");
        }
        return new PlanFile(List.copyOf(plans.values()), withoutPlan);
    }

    private static void add(JsonNode value, Map<TenantId, CpvRefreshPlan> plans, List<String> withoutPlan) {
        boolean isResult = value.has("outcome");
        if (value.path("outcome").asText().equals(RefreshOutcome.SKIPPED.name())) {
            return;
        }
        if (isResult && !value.path("plan").isObject()) {
            withoutPlan.add(value.path("tenantId").asText("unknown"));
            return;
        }
        CpvRefreshPlan plan = CpvRefreshPlan.fromJson((isResult ? value.path("plan") : value).toString());
        if (isResult && !value.path("tenantId").asText().equals(plan.tenant().toString())) {
            throw new IllegalArgumentException("The plan is for another tenant than its line");
        }
        CpvRefreshPlan other = plans.putIfAbsent(plan.tenant(), plan);
        if (other != null && !other.equals(plan)) {
            throw new IllegalArgumentException(
                    "There are two plans for tenant " + plan.tenant() + "; keep one of them");
        }
    }

    private static ConfigurationException refused(String source, int line, String why) {
        return new ConfigurationException(source + ", line " + line + ": " + why + ". Nothing was applied.");
    }
}
