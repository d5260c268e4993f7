package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.model.RequiredPermissionSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The addresses and credentials of a simulator. Immutable. */
record Service(JsonNode hello) {
    static Service read(Path file) {
        try {
            return new Service(Fixture.JSON.readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path write() {
        try {
            Path file = Files.createTempFile("cpv-bench", ".json");
            file.toFile().deleteOnExit();
            return Files.writeString(file, hello.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        return hello.path(name).asText();
    }

    String tokenUrl(String tenant) {
        return text("login") + "/" + tenant + "/oauth2/v2.0/token";
    }

    String batchUrl() {
        return text("graph") + "/v1.0/$batch";
    }

    RequiredPermissionSet required() {
        return RequiredPermissionSet.fromManifestJson(
                "manifest", hello.path("manifest").toString());
    }

    GraphTenantDirectory directory() {
        return settings().build();
    }

    GraphTenantDirectory.Builder settings() {
        return GraphTenantDirectory.builder(
                        PartnerApp.of(text("partner"), text("client")),
                        AppCredentials.withSecret(text("secret"), RefreshTokenStore.inMemory(text("refreshToken"))))
                .cloud(MicrosoftCloud.GLOBAL
                        .withLoginUrl(URI.create(text("login")))
                        .withPartnerCenterUrl(URI.create(text("partnerCenter")))
                        .withGraphUrl(URI.create(text("graph"))));
    }

    /** A refresh that did not succeed makes the figures worthless. */
    static void refresh(CpvClient client, String tenant) {
        require(client.refresh(tenant));
    }

    static void require(CpvResult result) {
        if (!result.outcome().isInSync()) {
            throw new IllegalStateException(result + " " + result.failure());
        }
    }
}
