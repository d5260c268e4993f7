/**
 * {@link dev.cpv.CpvClient} reconciles one customer tenant and returns a {@link dev.cpv.CpvResult}.
 *
 * <p>A client is built from a {@link dev.cpv.spi.TenantDirectory} (Microsoft's services behind a port, or the fake of
 * {@link dev.cpv.testing}) and a {@link dev.cpv.model.RequiredPermissionSet}. A {@link dev.cpv.RefreshListener}
 * receives what happens on the way.
 */
@NullMarked
package dev.cpv;

import org.jspecify.annotations.NullMarked;
