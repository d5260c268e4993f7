package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes our service principal, and looks until the tenant is seen without it (R19). A deletion whose answer was lost is looked up
 * before it is sent again (R17). Thread-safe.
 */
final class PrincipalRemoval {
    /** How long after its deletion a service principal may still be shown (API §7). */
    private static final Duration WINDOW = Duration.ofMinutes(3);

    /** The token endpoint says so where there is no service principal; without consent alone it says something else. */
    private static final Set<String> NO_PRINCIPAL = Set.of("AADSTS700016", "AADSTS7000229");

    private static final int NOT_FOUND = 404;

    private final AppId app;
    private final GraphParts parts;
    private final BatchClient batches;
    private final TokenSource tokens;
    private final Retries retries;
    private final Clock clock;

    PrincipalRemoval(
            AppId app, GraphParts parts, BatchClient batches, TokenSource tokens, Retries retries, Clock clock) {
        this.app = app;
        this.parts = parts;
        this.batches = batches;
        this.tokens = tokens;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Removes the service principal; throws nothing for a remote cause.
     *
     * @param rights the token that was held before the consent was withdrawn; a new one is fetched without it
     * @param seenId the service principal that was seen, if one was
     */
    Removal remove(RefreshContext context, @Nullable HeldToken rights, @Nullable String seenId) {
        return new Run(context, rights, seenId).run();
    }

    /**
     * What became of the service principal.
     *
     * @param result applied or unchanged once it is gone
     * @param principalId the object id of the one that is gone, if it was known
     */
    record Removal(StepResult result, @Nullable String principalId) {}

    /** One call of {@link #remove}. */
    private final class Run {
        private final RefreshContext context;
        private final @Nullable String seenId;
        private @Nullable Credential credential;
        private @Nullable String id;
        private @Nullable String deletedId;
        private boolean maybeDeleted;
        private boolean renewed;
        private @Nullable BatchResponse refusal;

        Run(RefreshContext context, @Nullable Credential rights, @Nullable String seenId) {
            this.context = context;
            this.credential = rights;
            this.seenId = seenId;
            this.id = seenId;
        }

        Removal run() {
            return new Removal(result(), deletedId == null ? seenId : deletedId);
        }

        private StepResult result() {
            try {
                return deleteAndLook();
            } catch (TenantDirectoryException e) {
                return isWithoutPrincipal(e.failure()) ? gone() : StepResult.failed(e.failure());
            } catch (WireException e) {
                return StepResult.failed(WireFailures.classify(e, context));
            }
        }

        private StepResult deleteAndLook() throws WireException {
            Instant until = clock.instant().plus(WINDOW);
            for (int round = 1; true; round++) {
                Optional<StepResult> end = delete();
                if (end.isEmpty()) {
                    end = look();
                }
                if (end.isPresent()) {
                    return end.get();
                }
                Instant now = clock.instant();
                if (!now.isBefore(until)) {
                    return unconfirmed();
                }
                Duration left = Duration.between(now, until);
                Duration pause = retries.pauseAfter(context, refusal == null ? null : refusal.answer(), round);
                retries.pause(context, pause.compareTo(left) < 0 ? pause : left);
            }
        }

        /** Deletes what was seen and is not known to be deleted. */
        private Optional<StepResult> delete() {
            if (id == null || id.equals(deletedId)) {
                return Optional.empty();
            }
            BatchResponse answer = send(parts.deletePrincipal(id));
            maybeDeleted |= answer.verdict() == GraphVerdict.DONE || answer.verdict() == GraphVerdict.LOOK_UP;
            if (answer.verdict() == GraphVerdict.DONE) {
                deletedId = id;
                refusal = null;
                return Optional.empty();
            }
            return answer.status() == NOT_FOUND ? Optional.empty() : refused(answer);
        }

        private Optional<StepResult> look() {
            BatchResponse answer = send(parts.ownPrincipal(app));
            if (answer.verdict() == GraphVerdict.DONE) {
                id = answer.body().path("id").asText();
                return Optional.empty();
            }
            // "Not found" is also said of a directory that cannot be read at all; then the verdict is another one.
            boolean gone = answer.status() == NOT_FOUND && answer.verdict() != GraphVerdict.LOOK_UP;
            return gone ? Optional.of(gone()) : refused(answer);
        }

        /** Ends what cannot be done; what time or a new token can mend goes on. */
        private Optional<StepResult> refused(BatchResponse answer) {
            CpvFailure failure = answer.failure();
            refusal = answer;
            if (GraphFailures.isOfUnknownCaller(failure)) {
                return Optional.of(gone());
            }
            if (answer.verdict() != GraphVerdict.PERMANENT) {
                return Optional.empty();
            }
            if (failure.code() == FailureCode.TOKEN_REFUSED && !renewed) {
                renew();
                return Optional.empty();
            }
            return Optional.of(StepResult.failed(
                    MissingScopes.explain(failure, credential().token().scopes())));
        }

        /** A last word from the token endpoint, which knows where Graph's replicas lag behind. */
        private StepResult unconfirmed() {
            if (deletedId == null && refusal != null) {
                return StepResult.failed(refusal.failure());
            }
            try {
                renew();
            } catch (TenantDirectoryException e) {
                if (isWithoutPrincipal(e.failure())) {
                    return gone();
                }
            }
            return StepResult.failed(CpvFailure.of(
                    FailureCode.RESET_NOT_CONFIRMED,
                    "The service principal " + id + " is still there " + WINDOW.toSeconds()
                            + " s after it was deleted"));
        }

        private BatchResponse send(BatchPart part) {
            return batches.send(context, credential(), List.of(part)).get(0);
        }

        private Credential credential() {
            Credential known = credential;
            if (known == null) {
                known = new HeldToken(context, tokens, tokens.graph(context));
                credential = known;
            }
            return known;
        }

        private void renew() {
            renewed = true;
            tokens.drop(context.tenant());
            credential = new HeldToken(context, tokens, tokens.graph(context));
        }

        private StepResult gone() {
            tokens.drop(context.tenant());
            return maybeDeleted ? StepResult.applied() : StepResult.unchanged();
        }
    }

    private static boolean isWithoutPrincipal(CpvFailure failure) {
        return failure.serviceCode().filter(NO_PRINCIPAL::contains).isPresent();
    }
}
