package dev.cpv;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.cpv.fleet.FleetReport;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.testkit.build.HouseRules;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;

@AnalyzeClasses(packages = "dev.cpv", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String JACKSON_ANNOTATIONS = "com.fasterxml.jackson.annotation";

    @ArchTest
    static final ArchTests house = ArchTests.in(HouseRules.class);

    @ArchTest
    static final ArchRule layers_point_one_way = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy("dev.cpv.model")
            .layer("spi")
            .definedBy("dev.cpv.spi")
            .layer("journal")
            .definedBy("dev.cpv.journal")
            .layer("door")
            .definedBy("dev.cpv")
            .layer("fleet")
            .definedBy("dev.cpv.fleet")
            .layer("testing")
            .definedBy("dev.cpv.testing")
            .layer("internal")
            .definedBy("dev.cpv.internal..")
            .whereLayer("model")
            .mayOnlyAccessLayers("internal")
            .whereLayer("spi")
            .mayOnlyAccessLayers("model", "internal")
            .whereLayer("journal")
            .mayOnlyAccessLayers("spi", "model", "internal")
            .whereLayer("door")
            .mayOnlyAccessLayers("journal", "spi", "model", "internal")
            .whereLayer("fleet")
            .mayOnlyAccessLayers("door", "journal", "spi", "model", "internal")
            .whereLayer("testing")
            .mayNotBeAccessedByAnyLayer()
            .because(
                    "model <- spi <- journal <- door <- fleet is the shape of the library, and a fake is no part of what runs");

    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("dev.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that can be read alone has to be understandable alone");

    @ArchTest
    static final ArchRule core_needs_the_jdk_and_slf4j_only = classes()
            .that()
            .resideOutsideOfPackage("dev.cpv.internal.json")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.cpv..", "java..", "jdk.jfr..", "org.slf4j..", "org.jspecify..", JACKSON_ANNOTATIONS)
            .because("the JSON library is a detail that may be exchanged without a user noticing");

    @ArchTest
    static final ArchRule jackson_annotations_stand_on_to_json_alone = classes()
            .that()
            .resideOutsideOfPackage("dev.cpv.internal.json")
            .should(be(describe("annotated by Jackson on toJson() alone", ArchitectureTest::isAnnotatedOnToJsonAlone)))
            .because("a web framework has to find out how it writes a result, report or plan, and nothing else");

    @ArchTest
    static final ArchRule model_does_no_io = noClasses()
            .that()
            .resideInAPackage("dev.cpv.model")
            .and()
            .doNotHaveFullyQualifiedName("dev.cpv.model.ManifestJson")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.channels..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Files.class)
            .because("plans have to be computable without a directory; only a manifest file that is handed in is read");

    @ArchTest
    static final ArchRule model_reads_no_clock = noClasses()
            .that()
            .resideInAPackage("dev.cpv.model")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .because("a value is the same at every hour");

    private static boolean isAnnotatedOnToJsonAlone(JavaClass type) {
        Set<String> writers = type.getMethods().stream()
                .filter(method -> method.isAnnotatedWith(JsonValue.class) && method.isAnnotatedWith(JsonRawValue.class))
                .map(JavaMethod::getFullName)
                .collect(Collectors.toSet());
        Set<String> users = type.getDirectDependenciesFromSelf().stream()
                .filter(use -> use.getTargetClass().getPackageName().startsWith("com.fasterxml"))
                .map(Dependency::getDescription)
                .collect(Collectors.toSet());
        boolean isWriter = Set.of(CpvResult.class, FleetReport.class, CpvRefreshPlan.class, CpvResetPlan.class).stream()
                .anyMatch(type::isEquivalentTo);
        return isWriter
                ? writers.equals(Set.of(type.getName() + ".toJson()"))
                        && users.stream().allMatch(use -> use.contains(".toJson()>"))
                : users.isEmpty();
    }
}
