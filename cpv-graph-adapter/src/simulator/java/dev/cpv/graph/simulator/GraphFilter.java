package dev.cpv.graph.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A {@code $filter}, as far as directory objects support it: comparisons by {@code eq} and {@code in}, joined by
 * {@code and} and {@code or}. Immutable.
 */
final class GraphFilter {
    private static final int MAX_CLAUSES = 15;

    private record Token(String text, boolean quoted) {
        boolean is(String word) {
            return !quoted && text.equalsIgnoreCase(word);
        }
    }

    private record Comparison(String field, Set<String> values) {
        boolean matches(UnaryOperator<String> valueOf) {
            return values.contains(valueOf.apply(field).toLowerCase(Locale.ROOT));
        }
    }

    /** The fields of a collection that can be filtered, and whether {@code in} and {@code or} are supported. */
    record Fields(Set<String> names, boolean equalityAlone) {}

    private final List<List<Comparison>> alternatives = new ArrayList<>();

    private GraphFilter() {}

    static GraphFilter parse(String text, Fields fields) {
        return new Parser(text, fields).parse();
    }

    /** Whether an object matches; absent values are empty strings. */
    boolean matches(UnaryOperator<String> valueOf) {
        return alternatives.stream().anyMatch(all -> all.stream().allMatch(comparison -> comparison.matches(valueOf)));
    }

    /** Parses one filter, left to right. */
    private static final class Parser {
        private final String text;
        private final Fields fields;
        private final List<Token> tokens;
        private final GraphFilter filter = new GraphFilter();
        private int next;

        Parser(String text, Fields fields) {
            this.text = text;
            this.fields = fields;
            this.tokens = tokens(text);
        }

        GraphFilter parse() {
            List<Comparison> all = new ArrayList<>();
            int clauses = 0;
            while (true) {
                Comparison comparison = comparison();
                clauses += comparison.values().size();
                all.add(comparison);
                if (next == tokens.size()) {
                    break;
                }
                Token joint = take();
                if (joint.is("or") && !fields.equalityAlone()) {
                    filter.alternatives.add(all);
                    all = new ArrayList<>();
                } else if (!joint.is("and")) {
                    throw unsupported();
                }
            }
            filter.alternatives.add(all);
            if (clauses > MAX_CLAUSES) {
                throw GraphError.unsupportedQuery(
                                "Too many child clauses specified in search filter expression containing 'OR' operators: "
                                        + clauses + ". Max allowed: " + MAX_CLAUSES + ".")
                        .refusal();
            }
            return filter;
        }

        private Comparison comparison() {
            String field = field(take().text());
            Token operator = take();
            if (operator.is("eq")) {
                return new Comparison(field, Set.of(value()));
            }
            if (operator.is("in") && !fields.equalityAlone()) {
                return new Comparison(field, list());
            }
            throw unsupported();
        }

        /** The property in its own spelling; the filter may use any case. */
        private String field(String name) {
            return fields.names().stream()
                    .filter(known -> known.equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> GraphError.unsupportedQuery(
                                    "Unsupported or invalid query filter clause specified for property '" + name + "'.")
                            .refusal());
        }

        private Set<String> list() {
            Set<String> values = new HashSet<>();
            expect("(");
            do {
                values.add(value());
            } while (accept(","));
            expect(")");
            return values;
        }

        private String value() {
            Token token = take();
            if (!token.quoted() && token.text().matches("[(),]")) {
                throw invalid();
            }
            return token.is("null") ? "" : token.text().toLowerCase(Locale.ROOT);
        }

        private boolean accept(String word) {
            boolean there = next < tokens.size() && tokens.get(next).is(word);
            next += there ? 1 : 0;
            return there;
        }

        private void expect(String word) {
            if (!accept(word)) {
                throw invalid();
            }
        }

        private Token take() {
            if (next >= tokens.size()) {
                throw invalid();
            }
            next++;
            return tokens.get(next - 1);
        }

        private static List<Token> tokens(String text) {
            List<Token> tokens = new ArrayList<>();
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                int end = at + 1;
                if (c == '\'') {
                    end = closingQuote(text, end);
                    tokens.add(new Token(text.substring(at + 1, end).replace("''", "'"), true));
                    end++;
                } else if ("(),".indexOf(c) >= 0) {
                    tokens.add(new Token(String.valueOf(c), false));
                } else if (!Character.isWhitespace(c)) {
                    while (end < text.length() && " (),'\t".indexOf(text.charAt(end)) < 0) {
                        end++;
                    }
                    tokens.add(new Token(text.substring(at, end), false));
                }
                at = end;
            }
            return tokens;
        }

        /** The position of the quote that ends a literal; two quotes in a row stand for one. */
        private static int closingQuote(String text, int from) {
            int at = from;
            while (at < text.length()) {
                if (text.charAt(at) != '\'') {
                    at++;
                } else if (at + 1 < text.length() && text.charAt(at + 1) == '\'') {
                    at += 2;
                } else {
                    return at;
                }
            }
            throw GraphError.malformed(
                            "There is an unterminated literal at position " + (from - 1) + " in '" + text + "'.")
                    .refusal();
        }

        private GraphRefusal invalid() {
            return GraphError.malformed("Invalid filter clause: syntax error in '" + text + "'.")
                    .refusal();
        }

        private GraphRefusal unsupported() {
            return GraphError.unsupportedQuery("Unsupported Query: '" + text + "'.")
                    .refusal();
        }
    }
}
