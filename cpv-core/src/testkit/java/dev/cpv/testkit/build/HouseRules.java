package dev.cpv.testkit.build;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.cpv.model.Step;
import dev.cpv.spi.Sleeper;
import java.time.Clock;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.NullMarked;

/** What holds in every published module: time, threads and state belong to the caller. */
public final class HouseRules {
    @ArchTest
    static final ArchRule steps_are_read_by_their_kind = classes()
            .should(new ArchCondition<JavaClass>("switch over Step.kind()") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    type.getInstanceofChecks().stream()
                            .filter(check -> check.getRawType().isAssignableTo(Step.class))
                            .forEach(check -> events.add(SimpleConditionEvent.violated(type, check.toString())));
                }
            })
            .because("the compiler finds the readers of a new kind by their switches, and no chain of instanceof");

    @ArchTest
    static final ArchRule time_is_injected = noClasses()
            .that()
            .doNotBelongToAnyOf(Sleeper.class)
            .should()
            .callMethodWhere(readsTheTimeOrWaits())
            .because("a test must be able to move time; only Sleeper.system() really waits");

    @ArchTest
    static final ArchRule only_builders_choose_the_system_clock = noClasses()
            .that()
            .doNotHaveSimpleName("Builder")
            .should()
            .callMethodWhere(describe(
                    "takes a system clock",
                    call -> call.getTargetOwner().isEquivalentTo(Clock.class)
                            && call.getName().startsWith("system")))
            .because("the clock is a parameter, and a builder is where it gets its default");

    @ArchTest
    static final ArchRule no_thread_is_started = noClasses()
            .should()
            .callConstructorWhere(
                    describe("makes a thread", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Executors.class, ForkJoinPool.class, Timer.class)
            .because("threads belong to the caller, which passes an executor where work runs in parallel");

    @ArchTest
    static final ArchRule no_static_state = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .allowEmptyShould(true)
            .because("two clients in one process must not affect each other");

    @ArchTest
    static final ArchRule no_synchronized_methods = methods()
            .should()
            .notHaveModifier(SYNCHRONIZED)
            .because("virtual threads of Java 21 are pinned by a monitor that is held during I/O");

    @ArchTest
    static final ArchRule packages_are_null_marked = classes()
            .should(be(describe(
                    "in a @NullMarked package",
                    (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))))
            .because("NullAway checks marked code only");

    @ArchTest
    static final ArchRule public_classes_are_closed_or_made_for_extension = classes()
            .that()
            .arePublic()
            .should(be(closedOrMadeForExtension()))
            .because("what anybody may extend cannot change any more");

    private HouseRules() {}

    private static DescribedPredicate<JavaCall<?>> readsTheTimeOrWaits() {
        return describe("reads the time or waits", call -> {
            String method = call.getName();
            return switch (call.getTargetOwner().getName()) {
                case "java.lang.System" -> method.equals("currentTimeMillis") || method.equals("nanoTime");
                case "java.lang.Thread" -> method.equals("sleep");
                case "java.util.concurrent.locks.LockSupport" -> method.startsWith("park");
                default -> isNowWithoutClock(call);
            };
        });
    }

    private static boolean isNowWithoutClock(JavaCall<?> call) {
        return call.getTargetOwner().getPackageName().equals("java.time")
                && call.getName().equals("now")
                && call.getTarget().getRawParameterTypes().isEmpty();
    }

    private static DescribedPredicate<JavaClass> closedOrMadeForExtension() {
        return describe(
                "final, sealed, abstract, an interface, a record or an enum",
                type -> type.isInterface()
                        || type.isRecord()
                        || type.isEnum()
                        || type.getModifiers().contains(FINAL)
                        || type.getModifiers().contains(ABSTRACT)
                        || type.reflect().isSealed());
    }
}
