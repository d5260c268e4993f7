package dev.cpv.graph.internal.failure;

import dev.cpv.model.FailureCode;
import dev.cpv.model.Remediation;
import dev.cpv.model.Remediation.Party;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link EntraTable}: AADSTS codes that mean the same.
 *
 * @param codes the numbers of the codes
 * @param atCustomer what they mean in the answer of a customer tenant
 * @param atPartner what they mean in the answer of the partner tenant
 * @param forwarded what they mean when Partner Center or Graph passes them on, about one resource
 * @param again whether trying again helps, or null if the failure's code decides
 * @param customerRemedy what to do at a customer, or null if the failure's code decides
 * @param partnerRemedy what to do in the partner tenant, or null if the failure's code decides
 */
record EntraRow(
        Set<Integer> codes,
        FailureCode atCustomer,
        FailureCode atPartner,
        FailureCode forwarded,
        @Nullable Again again,
        @Nullable Remediation customerRemedy,
        @Nullable Remediation partnerRemedy) {

    static EntraRow of(FailureCode anywhere, int... codes) {
        return of(anywhere, anywhere, codes);
    }

    static EntraRow of(FailureCode atCustomer, FailureCode atPartner, int... codes) {
        Set<Integer> numbers = Arrays.stream(codes).boxed().collect(Collectors.toUnmodifiableSet());
        return new EntraRow(numbers, atCustomer, atPartner, atCustomer, null, null, null);
    }

    EntraRow forwardedAs(FailureCode code) {
        return new EntraRow(codes, atCustomer, atPartner, code, again, customerRemedy, partnerRemedy);
    }

    EntraRow again(Again value) {
        return new EntraRow(codes, atCustomer, atPartner, forwarded, value, customerRemedy, partnerRemedy);
    }

    EntraRow remedy(Party party, String action) {
        return customerRemedy(party, action).partnerRemedy(party, action);
    }

    EntraRow customerRemedy(Party party, String action) {
        Remediation remedy = new Remediation(party, action);
        return new EntraRow(codes, atCustomer, atPartner, forwarded, again, remedy, partnerRemedy);
    }

    EntraRow partnerRemedy(Party party, String action) {
        Remediation remedy = new Remediation(party, action);
        return new EntraRow(codes, atCustomer, atPartner, forwarded, again, customerRemedy, remedy);
    }

    FailureCode code(boolean inPartnerTenant) {
        return inPartnerTenant ? atPartner : atCustomer;
    }

    Remediation remediation(boolean inPartnerTenant) {
        Remediation own = inPartnerTenant ? partnerRemedy : customerRemedy;
        return own == null ? code(inPartnerTenant).remediation() : own;
    }

    boolean isRetryable(FailureCode code) {
        return again == null ? code.retryable() : again != Again.NEVER;
    }

    /** Whether trying again helps. */
    enum Again {
        /** After a pause of seconds. */
        AT_ONCE,
        /** After minutes. */
        LATER,
        /** Not until somebody acts. */
        NEVER
    }
}
