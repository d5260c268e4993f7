package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ManifestFormatException;
import dev.cpv.model.PlanFormatException;
import dev.cpv.model.RequiredPermissionSet;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every manifest and for every text that is taken for one. */
class ManifestPropertiesTest {
    private static final int MUTANTS = 200;
    private static final String PIECES = "[]{}:,\"\\0123456789.eE+-truefalsn \n\t\uFEFF\u0000\uD800é";

    static LongStream seeds() {
        return Generator.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R1_printedManifestReadsBackAsTheSameSet(long seed) {
        RequiredPermissionSet set = new Generator(seed).required();

        RequiredPermissionSet read = RequiredPermissionSet.fromManifestJson("read", set.toManifestJson());

        assertThat(read).isEqualTo(set);
        assertThat(read.fingerprint()).isEqualTo(set.fingerprint());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R1_orderOfInputIsIrrelevant(long seed) {
        Generator generator = new Generator(seed);
        var permissions = generator.permissions();
        RequiredPermissionSet set = Generator.set(permissions);
        RequiredPermissionSet shuffled = Generator.set(generator.shuffled(permissions));
        int cut = permissions.isEmpty() ? 0 : generator.random().nextInt(permissions.size());
        RequiredPermissionSet first = Generator.set(permissions.subList(0, cut));
        RequiredPermissionSet second = Generator.set(permissions.subList(cut, permissions.size()));

        assertThat(shuffled).isEqualTo(set);
        assertThat(shuffled.fingerprint()).isEqualTo(set.fingerprint());
        assertThat(first.plus(second)).isEqualTo(set);
        assertThat(second.plus(first)).isEqualTo(set);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R2_noTextMakesTheReaderThrowAnythingElse(long seed) {
        Generator generator = new Generator(seed);
        String manifest = generator.required().toManifestJson();
        for (int i = 0; i < MUTANTS; i++) {
            readManifest(mutate(manifest, generator.random()));
        }
        readManifest(noise(generator.random()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void planReaderRefusesEveryChangeThatChangesThePlan(long seed) {
        Generator generator = new Generator(seed);
        CpvRefreshPlan plan =
                CpvRefreshPlan.between(generator.required(), generator.observed(), generator.extraGrants());
        String json = plan.toJson();
        assertThat(CpvRefreshPlan.fromJson(json)).isEqualTo(plan);
        for (int i = 0; i < MUTANTS / 4; i++) {
            String mutant = mutate(json, generator.random());
            try {
                assertThat(CpvRefreshPlan.fromJson(mutant)).as(mutant).isEqualTo(plan);
            } catch (PlanFormatException e) {
                assertThat(e.path()).startsWith("$");
            }
        }
        assertThat(plan.extraGrants()).isIn((Object[]) ExtraGrants.values());
    }

    private static void readManifest(String text) {
        try {
            assertThat(RequiredPermissionSet.fromManifestJson("mutant", text)).isNotNull();
        } catch (ManifestFormatException e) {
            assertThat(e.path()).startsWith("$");
            assertThat(e.getMessage()).hasSizeLessThan(1_000);
        }
    }

    /** Cuts, doubles, overwrites or inserts at one to three places. */
    private static String mutate(String text, Random random) {
        StringBuilder mutant = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && mutant.length() > 1; i--) {
            int at = random.nextInt(mutant.length());
            int end = Math.min(mutant.length(), at + 1 + random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0 -> mutant.delete(at, end);
                case 1 -> mutant.insert(at, mutant.substring(at, end));
                case 2 -> mutant.setCharAt(at, piece(random));
                default -> mutant.insert(at, piece(random));
            }
        }
        return mutant.toString();
    }

    private static String noise(Random random) {
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(300); i > 0; i--) {
            noise.append(random.nextInt(20) == 0 ? (char) random.nextInt(0x10000) : piece(random));
        }
        return noise.toString();
    }

    private static char piece(Random random) {
        return PIECES.charAt(random.nextInt(PIECES.length()));
    }
}
