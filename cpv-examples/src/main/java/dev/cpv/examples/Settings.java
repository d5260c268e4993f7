package dev.cpv.examples;

import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.model.AppId;
import dev.cpv.model.TenantId;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The settings of the command line, read from the environment and checked. Immutable. */
final class Settings {
    private static final Duration CONSENT_WAIT = Duration.ofMinutes(3);
    private static final long LONGEST_CONSENT_WAIT = 3600;

    private final PartnerApp app;
    private final Optional<String> clientSecret;
    private final Optional<Path> clientCertificate;
    private final char[] certificatePassword;
    private final Optional<String> refreshToken;
    private final Path manifest;
    private final MicrosoftCloud cloud;
    private final Path stateDirectory;
    private final Duration consentWait;

    private Settings(Reader reader, Path home) {
        Optional<TenantId> partner = reader.required(Setting.PARTNER_TENANT_ID, "is not a GUID", TenantId::of);
        Optional<AppId> client = reader.required(Setting.CLIENT_ID, "is not a GUID", AppId::of);
        clientSecret = reader.optional(Setting.CLIENT_SECRET);
        clientCertificate = reader.optional(Setting.CLIENT_CERTIFICATE, "is not a path", Path::of);
        certificatePassword =
                reader.optional(Setting.CLIENT_CERTIFICATE_PASSWORD).orElse("").toCharArray();
        reader.checkOneOf(clientSecret.isPresent(), clientCertificate.isPresent());
        refreshToken = reader.optional(Setting.REFRESH_TOKEN);
        Optional<Path> file = reader.required(Setting.MANIFEST, "is not a path", Path::of);
        cloud = cloud(reader);
        stateDirectory =
                reader.optional(Setting.STATE_DIR, "is not a path", Path::of).orElse(home.resolve(".cpv"));
        consentWait = reader.optional(
                        Setting.CONSENT_WAIT, "is not a whole number in the valid range", Settings::seconds)
                .orElse(CONSENT_WAIT);
        reader.throwProblems();
        app = new PartnerApp(partner.orElseThrow(), client.orElseThrow());
        manifest = file.orElseThrow();
    }

    /**
     * Reads the settings.
     *
     * @throws ConfigurationException if one is missing or wrong
     */
    static Settings of(Map<String, String> environment, Path home) {
        return new Settings(new Reader(environment), home);
    }

    private static MicrosoftCloud cloud(Reader reader) {
        MicrosoftCloud named = reader.optional(Setting.CLOUD, "is not the name of a cloud", MicrosoftCloud::named)
                .orElse(MicrosoftCloud.GLOBAL);
        MicrosoftCloud login = reader.baseUrl(Setting.LOGIN_URL, named, MicrosoftCloud::withLoginUrl);
        MicrosoftCloud partnerCenter =
                reader.baseUrl(Setting.PARTNER_CENTER_URL, login, MicrosoftCloud::withPartnerCenterUrl);
        return reader.baseUrl(Setting.GRAPH_URL, partnerCenter, MicrosoftCloud::withGraphUrl);
    }

    private static Duration seconds(String text) {
        long seconds = Long.parseLong(text);
        if (seconds < 0 || seconds > LONGEST_CONSENT_WAIT) {
            throw new IllegalArgumentException("out of range");
        }
        return Duration.ofSeconds(seconds);
    }

    PartnerApp app() {
        return app;
    }

    Optional<String> refreshToken() {
        return refreshToken;
    }

    Path manifest() {
        return manifest;
    }

    MicrosoftCloud cloud() {
        return cloud;
    }

    Path stateDirectory() {
        return stateDirectory;
    }

    Duration consentWait() {
        return consentWait;
    }

    /**
     * Creates the application's credential; a certificate is read from its file.
     *
     * @throws ConfigurationException if it cannot be read
     */
    AppCredentials tokens(RefreshTokenStore store) {
        if (clientSecret.isPresent()) {
            return AppCredentials.withSecret(clientSecret.get(), store);
        }
        try {
            return AppCredentials.withCertificate(clientCertificate.orElseThrow(), certificatePassword, store);
        } catch (UncheckedIOException e) {
            throw new ConfigurationException(Setting.CLIENT_CERTIFICATE.isWrong("names a file that cannot be read"));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(Setting.CLIENT_CERTIFICATE.isWrong(
                    "names a file that CPV_CLIENT_CERTIFICATE_PASSWORD does not open"));
        }
    }

    /** Contains no secret. */
    @Override
    public String toString() {
        return "Settings[" + app + ", cloud=" + cloud + ", manifest=" + manifest + ", stateDirectory=" + stateDirectory
                + "]";
    }

    /** Reads variables and collects the problems with them. */
    private static final class Reader {
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        Optional<String> optional(Setting setting) {
            return setting.in(environment);
        }

        <T> Optional<T> optional(Setting setting, String fault, Function<String, T> parse) {
            return optional(setting).flatMap(text -> {
                try {
                    return Optional.of(parse.apply(text));
                } catch (IllegalArgumentException e) {
                    problems.add(setting.isWrong(fault));
                    return Optional.empty();
                }
            });
        }

        <T> Optional<T> required(Setting setting, String fault, Function<String, T> parse) {
            if (optional(setting).isEmpty()) {
                problems.add(setting.isMissing());
            }
            return optional(setting, fault, parse);
        }

        MicrosoftCloud baseUrl(
                Setting setting, MicrosoftCloud cloud, BiFunction<MicrosoftCloud, URI, MicrosoftCloud> with) {
            return optional(setting, "is not a valid base URL", text -> with.apply(cloud, URI.create(text)))
                    .orElse(cloud);
        }

        void checkOneOf(boolean secret, boolean certificate) {
            if (secret && certificate) {
                problems.add("CPV_CLIENT_SECRET and CPV_CLIENT_CERTIFICATE are both set: unset one of them.");
            } else if (!secret && !certificate && problems.stream().noneMatch(p -> p.startsWith("CPV_CLIENT_CERT"))) {
                problems.add(Setting.CLIENT_SECRET.isMissing());
            }
        }

        void throwProblems() {
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
        }
    }
}
