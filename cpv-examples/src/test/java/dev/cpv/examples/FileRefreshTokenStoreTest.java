package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileRefreshTokenStoreTest {
    @TempDir
    Path parent = Path.of("");

    @Test
    void R22_aReplacementOutlivesTheProcess() {
        FileRefreshTokenStore store = open("given");
        assertThat(store.current()).isEqualTo("given");

        assertThat(store.replace("given", "replacement")).isTrue();

        assertThat(store.current()).isEqualTo("replacement");
        assertThat(open("given").current()).isEqualTo("replacement");
        assertThat(FileRefreshTokenStore.open(directory(), Optional.empty()).current())
                .isEqualTo("replacement");
    }

    @Test
    void aTokenThatIsNewlyGivenSupersedesTheStoredOne() {
        open("given").replace("given", "replacement");

        assertThat(open("newly given").current()).isEqualTo("newly given");
        assertThat(FileRefreshTokenStore.open(directory(), Optional.empty()).current())
                .isEqualTo("newly given");
    }

    @Test
    void R22_aReplacementForAnotherTokenThanTheCurrentOneIsRefused() {
        FileRefreshTokenStore store = open("given");

        assertThat(store.replace("an older one", "replacement")).isFalse();

        assertThat(store.current()).isEqualTo("given");
    }

    @Test
    void R22_ofManyAtOnceOneWins() throws Exception {
        FileRefreshTokenStore one = open("given");
        FileRefreshTokenStore other = open("given");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> races = IntStream.range(0, 40)
                    .mapToObj(i -> (Callable<Boolean>) () -> (i % 2 == 0 ? one : other).replace("given", "token " + i))
                    .toList();
            int won = 0;
            for (Future<Boolean> race : threads.invokeAll(races)) {
                won += race.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(one.current()).startsWith("token ").isEqualTo(other.current());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theOwnerAloneCanReadIt() throws IOException {
        open("given").replace("given", "replacement");

        assertThat(permissions(directory())).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void theGivenTokenIsKeptAsAHashAlone() throws IOException {
        open("given").replace("given", "replacement");

        assertThat(Files.readString(directory().resolve("refresh-token")))
                .doesNotContain("given")
                .contains("replacement");
    }

    @Test
    void withoutAnyTokenTheSettingIsNamed() {
        assertThatThrownBy(() -> FileRefreshTokenStore.open(directory(), Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("CPV_REFRESH_TOKEN is not set: give ");
    }

    @Test
    void aDirectoryThatIsAFileNamesTheSetting() throws IOException {
        Files.writeString(directory(), "a file");

        assertThatThrownBy(() -> open("given"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("CPV_STATE_DIR ");
    }

    @Test
    void R23_noTokenIsTold() {
        assertThat(open("given").toString()).doesNotContain("given");
    }

    private FileRefreshTokenStore open(String given) {
        return FileRefreshTokenStore.open(directory(), Optional.of(given));
    }

    private Path directory() {
        return parent.resolve("state");
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
