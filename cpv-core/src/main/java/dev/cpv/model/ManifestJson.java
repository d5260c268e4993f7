package dev.cpv.model;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a set of permissions from an Entra application manifest, and prints it as one (R2). */
final class ManifestJson {
    private ManifestJson() {}

    static RequiredPermissionSet read(String name, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(name, file.toString(), utf8(file.toString(), in.readNBytes(JsonValue.MAX_LENGTH + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException("The manifest " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String utf8(String source, byte[] bytes) {
        if (bytes.length > JsonValue.MAX_LENGTH) {
            throw new ManifestFormatException(source, "$", "Larger than " + JsonValue.MAX_LENGTH + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ManifestFormatException(source, "$", "Not UTF-8 text");
        }
    }

    /** Reads the text of a manifest; {@code source} names it in exceptions. */
    static RequiredPermissionSet read(String name, String source, String json) {
        try {
            JsonValue root = JsonValue.parse(json);
            JsonValue resources = root.isArray() ? root : root.member("requiredResourceAccess");
            RequiredPermissionSet.Builder set = RequiredPermissionSet.builder(name);
            resources.elements().forEach(resource -> readResource(resource, set));
            return set.build();
        } catch (JsonFaultException e) {
            throw new ManifestFormatException(source, e.path(), Objects.toString(e.getMessage()));
        }
    }

    private static void readResource(JsonValue resource, RequiredPermissionSet.Builder set) {
        JsonValue id = resource.member("resourceAppId");
        if (!Guids.isGuid(id.text())) {
            throw id.fault("Not an application id (a GUID is needed): " + JsonText.quote(id.text()));
        }
        AppId app = AppId.of(id.text());
        for (JsonValue access : resource.member("resourceAccess").elements()) {
            JsonValue permission = access.member("id");
            try {
                set.add(new RequiredPermission(app, readType(access.member("type")), permission.text()));
            } catch (IllegalArgumentException e) {
                throw permission.fault(Objects.toString(e.getMessage()));
            }
        }
    }

    private static PermissionType readType(JsonValue type) {
        return switch (type.text()) {
            case "Role" -> PermissionType.APPLICATION;
            case "Scope" -> PermissionType.DELEGATED;
            default -> throw type.fault("Neither 'Role' nor 'Scope': " + JsonText.quote(type.text()));
        };
    }

    /** Prints the bare array {@code requiredResourceAccess}, indented. */
    static String text(RequiredPermissionSet set) {
        Map<AppId, List<Object>> byResource = new LinkedHashMap<>();
        for (RequiredPermission permission : set.permissions()) {
            Map<String, Object> access = new LinkedHashMap<>();
            access.put("id", permission.id());
            access.put("type", permission.type() == PermissionType.APPLICATION ? "Role" : "Scope");
            byResource
                    .computeIfAbsent(permission.resource(), r -> new ArrayList<>())
                    .add(access);
        }
        List<Object> array = new ArrayList<>();
        byResource.forEach((resource, accesses) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("resourceAppId", resource.toString());
            entry.put("resourceAccess", accesses);
            array.add(entry);
        });
        return JsonText.indented(array);
    }
}
