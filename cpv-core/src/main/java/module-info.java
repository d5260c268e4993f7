/**
 * cpv: keeps a Microsoft partner's multi-tenant application consented and permitted in every customer tenant.
 *
 * <p>Start at {@link dev.cpv.CpvClient}.
 */
@org.jspecify.annotations.NullMarked
module dev.cpv {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.databind;
    requires jdk.jfr;
    requires org.slf4j;

    exports dev.cpv;
    exports dev.cpv.fleet;
    exports dev.cpv.journal;
    exports dev.cpv.model;
    exports dev.cpv.spi;
    exports dev.cpv.testing;
}
