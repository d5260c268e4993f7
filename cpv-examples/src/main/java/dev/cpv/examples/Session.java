package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.PartnerTenantCatalog;
import dev.cpv.journal.FileFleetStore;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.Cancellation;
import dev.cpv.model.ManifestFormatException;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.TenantCatalog;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/**
 * A directory and a client for it, created from the settings.
 *
 * @param directory the partner's customers
 * @param client refreshes them
 * @param state the remembered state of the fleet
 * @param options the options of each refresh
 * @param cancellation cancels everything that was started with these options
 */
record Session(
        GraphTenantDirectory directory,
        CpvClient client,
        FileFleetStore state,
        RefreshOptions options,
        Cancellation cancellation)
        implements AutoCloseable {
    private static final Duration BESIDE_WAITING = Duration.ofMinutes(7);

    /**
     * Creates both. Nothing is sent yet.
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
                .journal(opened(settings, "journal", FileRefreshJournal::open))
                .name("command line")
                .clock(surroundings.clock())
                .sleeper(surroundings.sleeper())
                .build();
        FileFleetStore state = opened(settings, "fleet", FileFleetStore::open);
        Cancellation cancellation = new Cancellation();
        return new Session(
                directory, client, state, options(settings.consentWait()).withCancellation(cancellation), cancellation);
    }

    /**
     * Returns the partner's customers.
     *
     * @throws ConfigurationException if the cloud has no such list
     */
    TenantCatalog customers() {
        try {
            return PartnerTenantCatalog.of(directory);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    Setting.CLOUD.variable() + " is a cloud in which Microsoft does not list a partner's customers:"
                            + " name the tenants as arguments of 'refresh'.");
        }
    }

    private static <T> T opened(Settings settings, String name, Function<Path, T> open) {
        try {
            return open.apply(settings.stateDirectory().resolve(name));
        } catch (RefreshJournalException e) {
            throw new ConfigurationException(
                    Setting.STATE_DIR.isWrong("names a directory that cannot be used: " + e.getMessage()));
        }
    }

    private static RequiredPermissionSet manifest(Settings settings) {
        try {
            return RequiredPermissionSet.fromManifest(settings.manifest());
        } catch (ManifestFormatException e) {
            throw new ConfigurationException(
                    Setting.MANIFEST.isWrong("names a file that is not a manifest (" + e.getMessage() + ")"));
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
