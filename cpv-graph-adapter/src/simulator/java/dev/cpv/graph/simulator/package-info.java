/**
 * A double of Microsoft's three services that a permissions refresh talks to: Entra's token endpoint, Partner Center and
 * Microsoft Graph, as one stateful HTTP server.
 *
 * <p>{@link dev.cpv.graph.simulator.MicrosoftSimulator} is the door. It keeps tenants, consents and grants, checks what the
 * services check, and records what crossed the wire in a {@link dev.cpv.graph.simulator.WireJournal}. Every behaviour that
 * differs between tenants, or that Microsoft does not promise, is a switch of
 * {@link dev.cpv.graph.simulator.TenantBehaviour} or {@link dev.cpv.graph.simulator.PartnerBehaviour}. Everything runs on
 * the clock that is handed in, and two runs with one seed behave alike.
 */
@NullMarked
package dev.cpv.graph.simulator;

import org.jspecify.annotations.NullMarked;
