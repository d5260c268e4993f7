package dev.cpv.graph.simulator;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which lines of the simulator's checklist a test uses; {@link SimulatorChecklistTest} finds the gaps. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Checklist {
    /** Ids of lines, such as {@code 10.2-3}. */
    String[] value();
}
