package dev.cpv;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.OperationKind;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import java.util.UUID;
import java.util.function.Function;

/** Finds the tenant that a text names: its GUID or one of its verified domains. */
final class TenantLookup {
    private final TenantDirectory directory;
    private final RefreshListener listeners;

    TenantLookup(TenantDirectory directory, RefreshListener listeners) {
        this.directory = directory;
        this.listeners = listeners;
    }

    TenantId find(String tenant) {
        return TenantId.parse(tenant).orElseGet(() -> resolve(tenant));
    }

    /** Refreshes the tenant. If there is none, the refresh ends here, and is reported as any other. */
    CpvResult refresh(String tenant, RefreshOptions options, Function<TenantId, CpvResult> refresh) {
        OperationTrace trace = new OperationTrace(OperationKind.REFRESH);
        TenantId id;
        try {
            id = find(tenant);
        } catch (CpvRefreshException e) {
            CpvResult result = e.result();
            trace.end(result, () -> listeners.unresolved(tenant, options, result));
            return result;
        } catch (Error e) {
            CpvResult result = unresolved(tenant, ProgramFault.failure(e));
            trace.endWithError(e, result, () -> listeners.unresolved(tenant, options, result));
            throw e;
        }
        return refresh.apply(id);
    }

    private TenantId resolve(String domain) {
        if (!TenantId.isDomain(domain)) {
            throw new IllegalArgumentException("Neither a tenant's GUID nor a domain: '" + domain + "'");
        }
        try {
            return directory.resolve(domain);
        } catch (TenantDirectoryException e) {
            throw new CpvRefreshException(unresolved(domain, e.failure()));
        } catch (RuntimeException e) {
            CpvResult result = unresolved(domain, ProgramFault.failure(e));
            OperationTrace.logFault(domain, result.correlationId(), e);
            throw new CpvRefreshException(result);
        }
    }

    private static CpvResult unresolved(String domain, CpvFailure failure) {
        return new CpvResultBuilder(domain, null, RefreshOutcome.FAILED)
                .correlationId(UUID.randomUUID())
                .failure(failure)
                .build();
    }
}
