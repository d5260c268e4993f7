/**
 * Microsoft Entra ID, Partner Center and Microsoft Graph behind the ports of cpv.
 *
 * <p>Start at {@link dev.cpv.graph.GraphTenantDirectory}: it takes a {@link dev.cpv.graph.PartnerApp} (the application) and
 * {@link dev.cpv.graph.AppCredentials} (how the application proves its identity), and can use another
 * {@link dev.cpv.graph.MicrosoftCloud}.
 */
@NullMarked
package dev.cpv.graph;

import org.jspecify.annotations.NullMarked;
