package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.model.ManifestFormatException;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FileRefreshJournal;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** A directory, and a client over it, made from the settings. */
record Session(GraphTenantDirectory directory, CpvClient client, RefreshOptions options) implements AutoCloseable {
    private static final Duration BESIDE_WAITING = Duration.ofMinutes(7);

    /**
     * Makes both; nothing is sent yet.
     *
     * @throws ConfigurationException if a setting is missing or wrong
     */
    static Session open(Surroundings surroundings) {
        Settings settings = Settings.of(surroundings.environment(), surroundings.home());
        RequiredPermissionSet required = manifest(settings);
        FileRefreshTokenStore store = FileRefreshTokenStore.open(settings.stateDirectory(), settings.refreshToken());
        GraphTenantDirectory directory = GraphTenantDirectory.builder(settings.app(), settings.tokens(store))
                .cloud(settings.cloud())
                .clock(surroundings.clock())
                .sleeper(surroundings.sleeper())
                .build();
        CpvClient client = CpvClient.builder(directory, required)
                .journal(journal(settings.stateDirectory()))
                .name("command line")
                .clock(surroundings.clock())
                .sleeper(surroundings.sleeper())
                .build();
        return new Session(directory, client, options(settings.consentWait()));
    }

    /**
     * Finds a tenant.
     *
     * @param name a GUID, or a domain
     * @throws dev.cpv.spi.TenantDirectoryException if the domain cannot be resolved
     */
    TenantId resolve(String name) {
        return name.contains(".") ? directory.resolve(name) : TenantId.of(name);
    }

    private static RefreshJournal journal(Path stateDirectory) {
        try {
            return FileRefreshJournal.open(stateDirectory.resolve("journal"));
        } catch (RefreshJournalException e) {
            throw new ConfigurationException(
                    Setting.STATE_DIR.isWrong("names a directory that is of no use: " + e.getMessage()));
        }
    }

    private static RequiredPermissionSet manifest(Settings settings) {
        try {
            return RequiredPermissionSet.fromManifest(settings.manifest());
        } catch (ManifestFormatException e) {
            throw new ConfigurationException(Setting.MANIFEST.variable() + " names no manifest: " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw new ConfigurationException(
                    Setting.MANIFEST.isWrong("names a file that cannot be read, " + settings.manifest()));
        }
    }

    private static RefreshOptions options(Duration consentWait) {
        return RefreshOptions.defaults().withConsentWait(consentWait).withTimeout(consentWait.plus(BESIDE_WAITING));
    }

    @Override
    public void close() {
        directory.close();
    }
}
