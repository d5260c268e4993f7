package dev.cpv.graph.internal.tenant;

/**
 * The service principal of ours that this operation deleted: a replica that lags behind may go on showing it, and it must not be
 * taken for the new one.
 *
 * @param objectId its object id
 */
record DeletedPrincipal(String objectId) {}
