package dev.cpv.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Applies plans that somebody approved. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description =
                "Applies plans that 'refresh --dry-run --json' printed and somebody approved. A tenant that has changed"
                        + " since is not written to. If a plan was edited, nothing is applied.")
final class ApplyCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "FILE", description = "The output of 'refresh --dry-run --json', or - for standard input.")
    private String file = "";

    @Mixin
    private RunOptions run = new RunOptions();

    ApplyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        run.check();
        PlanFile plans = PlanFile.read(file.equals("-") ? "Standard input" : file, content());
        plans.withoutPlan()
                .forEach(tenant -> surroundings
                        .err()
                        .println("cpv: skipping " + tenant + ": the file has no plan for it, because it"
                                + " could not be read during the dry run."));
        try (Session session = Session.open(surroundings)) {
            int status = run.run(
                    plans.plans().stream()
                            .map(plan -> new TenantRun.Job(
                                    plan.tenant(), () -> session.client().apply(plan, session.options())))
                            .toList(),
                    List.of(),
                    session.cancellation(),
                    surroundings);
            return plans.withoutPlan().isEmpty() ? status : Math.max(status, ExitStatus.SOME_NOT_WELL);
        }
    }

    private String content() {
        try {
            byte[] bytes = file.equals("-") ? surroundings.in().readAllBytes() : Files.readAllBytes(Path.of(file));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("The file " + file + " cannot be read: give the output of"
                    + " 'refresh --dry-run --json', or - for standard input.");
        }
    }
}
