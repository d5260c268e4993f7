/**
 * The door: {@link dev.cpv.CpvClient} brings one customer tenant in sync and answers with a {@link dev.cpv.CpvResult}.
 *
 * <p>A client is built from a {@link dev.cpv.spi.TenantDirectory} (Microsoft's services behind a port, or the fake of
 * {@link dev.cpv.testing}) and a {@link dev.cpv.model.RequiredPermissionSet}. What happens on the way is told to a
 * {@link dev.cpv.RefreshListener}.
 */
@NullMarked
package dev.cpv;

import org.jspecify.annotations.NullMarked;
