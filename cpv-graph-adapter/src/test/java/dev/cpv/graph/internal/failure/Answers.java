package dev.cpv.graph.internal.failure;

import dev.cpv.graph.internal.http.WireAnswer;
import java.util.Map;

/** Answers as Microsoft's services give them. */
final class Answers {
    static final Map<String, String> JSON = Map.of("Content-Type", "application/json; charset=utf-8");
    static final String HTML = "<!DOCTYPE html><html><body><h1>Access denied</h1></body></html>";
    static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiIxMTExIn0.c2lnbmF0dXJl-part_3";

    private Answers() {}

    static WireAnswer answer(int status, String body) {
        return new WireAnswer(status, JSON, body);
    }

    static WireAnswer entra(int status, String error, int code, String sentence) {
        return answer(status, """
                {"error":"%s","error_description":"AADSTS%d: %s Trace ID: 11111111-aaaa-0000-0000-000000000001 \
                Correlation ID: 22222222-aaaa-0000-0000-000000000002 Timestamp: 2026-11-20 10:00:00Z",\
                "error_codes":[%d],"timestamp":"2026-11-20 10:00:00Z",\
                "trace_id":"11111111-aaaa-0000-0000-000000000001",\
                "correlation_id":"22222222-aaaa-0000-0000-000000000002"}""".formatted(error, code, sentence, code));
    }

    static WireAnswer entra(int code) {
        return entra(400, "invalid_grant", code, "What happened.");
    }

    static WireAnswer partnerCenter(int status, String code, String description) {
        return answer(status, """
                {"code":"%s","description":"%s","data":[],"source":"PartnerFD"}""".formatted(code, description));
    }

    static WireAnswer graph(int status, String code, String message) {
        return answer(status, """
                {"error":{"code":"%s","message":"%s","innerError":{"date":"2026-11-20T10:00:00",\
                "request-id":"33333333-aaaa-0000-0000-000000000003","client-request-id":"c"}}}""".formatted(code, message));
    }
}
