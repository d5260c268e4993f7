package dev.cpv.graph.simulator;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** The set-up of tests with one customer in which the app is consented, on a clock that the test moves. */
abstract class ConsentedCustomer {
    final SettableClock clock = new SettableClock();
    final MicrosoftSimulator microsoft;
    final Calls calls;
    final SimulatedTenant customer;
    final String app;
    final String own;

    ConsentedCustomer() {
        this(UnaryOperator.identity());
    }

    ConsentedCustomer(UnaryOperator<MicrosoftSimulator.Builder> options) {
        microsoft = options.apply(MicrosoftSimulator.builder().clock(clock)).build();
        calls = new Calls(microsoft);
        customer = microsoft.addCustomer("Fabrikam").consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        app = microsoft.app().appId();
        own = "/servicePrincipals(appId='" + app + "')";
    }

    @AfterEach
    void stop() {
        microsoft.close();
    }

    GraphCalls graph() {
        return GraphCalls.of(microsoft, calls, customer);
    }

    String principal(String appId) {
        return customer.servicePrincipal(appId).orElseThrow().id();
    }
}
