package dev.cpv.internal.failure;

import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Remediation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads the JSON form of a failure. */
public final class FailureJson {
    private FailureJson() {}

    /** Returns the failure as a tree for {@link dev.cpv.internal.json.JsonText}. How long to wait is not part of it. */
    public static Map<String, @Nullable Object> tree(CpvFailure failure) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("code", failure.code().name());
        tree.put("scope", failure.scope().name());
        tree.put("retryable", failure.retryable());
        tree.put("message", failure.message());
        tree.put("remediation", failure.remediation().toString());
        tree.put("serviceCode", failure.serviceCode().orElse(null));
        tree.put("requestId", failure.requestId().orElse(null));
        return tree;
    }

    /**
     * Reads what {@link #tree} wrote.
     *
     * @throws dev.cpv.internal.json.JsonFaultException if it is not such a value
     */
    public static CpvFailure read(JsonValue json) {
        return CpvFailure.builder(
                        json.member("code").parsed(FailureCode::valueOf),
                        json.member("message").text())
                .scope(json.member("scope").parsed(FailureScope::valueOf))
                .retryable(json.member("retryable").bool())
                .remediation(json.member("remediation").parsed(FailureJson::remediation))
                .serviceCode(json.find("serviceCode").map(JsonValue::text).orElse(null))
                .requestId(json.find("requestId").map(JsonValue::text).orElse(null))
                .build();
    }

    /** By the English titles, which are wire names and never change. */
    private static Remediation remediation(String text) {
        return Arrays.stream(Remediation.Party.values())
                .filter(party -> text.startsWith(party.title() + ": "))
                .map(party ->
                        new Remediation(party, text.substring(party.title().length() + 2)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No responsible party"));
    }
}
