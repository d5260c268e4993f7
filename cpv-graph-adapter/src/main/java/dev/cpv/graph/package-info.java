/**
 * Microsoft Entra ID, Partner Center and Microsoft Graph behind the ports of cpv.
 *
 * <p>Start at {@link dev.cpv.graph.GraphTenantDirectory}: it takes a {@link dev.cpv.graph.PartnerApp} (whose application it
 * is) and {@link dev.cpv.graph.AppCredentials} (how it proves that), and can be pointed at another
 * {@link dev.cpv.graph.MicrosoftCloud}.
 */
@NullMarked
package dev.cpv.graph;

import org.jspecify.annotations.NullMarked;
