/**
 * A double of Microsoft's three services that a permissions refresh talks to: Entra's token endpoint, Partner Center
 * and Microsoft Graph, as one stateful HTTP server.
 *
 * <p>{@link dev.cpv.graph.simulator.MicrosoftSimulator} is the entry point. It keeps tenants, consents and grants,
 * checks what the services check, and records the requests in a {@link dev.cpv.graph.simulator.WireJournal}. Every
 * behaviour that differs between tenants, or that Microsoft does not promise, is a switch of
 * {@link dev.cpv.graph.simulator.TenantBehaviour} or {@link dev.cpv.graph.simulator.PartnerBehaviour}. All times come
 * from the clock given to the builder, and two runs with the same seed behave alike.
 */
@NullMarked
package dev.cpv.graph.simulator;

import org.jspecify.annotations.NullMarked;
