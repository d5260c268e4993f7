package dev.cpv.graph;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.cpv.testkit.build.HouseRules;
import java.util.regex.Pattern;

@AnalyzeClasses(packages = "dev.cpv.graph", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String GRAPH_CLIENTS = "dev.cpv.graph.TenantGraphClients";
    private static final String SDK_CLIENTS = "dev.cpv.graph.internal.client.SdkClients";

    @ArchTest
    static final ArchTests house = ArchTests.in(HouseRules.class);

    @ArchTest
    static final ArchRule public_types_mention_the_jdk_and_cpv_only = classes()
            .that()
            .resideInAPackage("dev.cpv.graph")
            .and()
            .doNotHaveFullyQualifiedName(GRAPH_CLIENTS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.cpv..", "java..", "javax.net.ssl..", "org.slf4j..", "org.jspecify..")
            .because("msal4j, microsoft-graph, okhttp, failsafe and jackson may be exchanged without a user noticing");

    @ArchTest
    static final ArchRule the_graph_sdk_is_used_by_its_clients_alone = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(GRAPH_CLIENTS)
            .and()
            .doNotHaveFullyQualifiedName(SDK_CLIENTS)
            .and()
            .haveNameNotMatching(Pattern.quote(SDK_CLIENTS) + "\\$.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.microsoft.graph..", "com.microsoft.kiota..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(GRAPH_CLIENTS)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(SDK_CLIENTS)
            .because("a tool that excludes microsoft-graph keeps everything but TenantGraphClients");

    @ArchTest
    static final ArchRule only_what_core_exports_is_used = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cpv.internal..")
            .because("another adapter, on the module path, could not do the same");

    @ArchTest
    static final ArchRule internal_packages_have_no_cycles = slices().matching("dev.cpv.graph.internal.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that can be read alone has to be understandable alone");
}
