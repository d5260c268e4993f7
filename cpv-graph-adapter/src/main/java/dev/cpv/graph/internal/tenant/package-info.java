package dev.cpv.graph.internal.tenant;
