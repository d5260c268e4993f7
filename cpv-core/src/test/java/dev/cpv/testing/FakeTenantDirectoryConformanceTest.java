package dev.cpv.testing;

import dev.cpv.conformance.TenantDirectoryConformance;
import dev.cpv.conformance.TenantDirectorySubject;

class FakeTenantDirectoryConformanceTest extends TenantDirectoryConformance {
    @Override
    protected TenantDirectorySubject subject() {
        return new FakeSubject();
    }
}
