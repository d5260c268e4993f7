package dev.cpv.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The resources that this process has used so far. */
final class Spent {
    private Spent() {}

    /** Prints them and ends the process at once. */
    static void print() {
        int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.out.println(
                "{\"classes\":" + classes + ",\"cpuMillis\":" + system.getProcessCpuTime() / 1_000_000 + "}");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
