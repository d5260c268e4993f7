package dev.cpv.graph.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files that come with the simulator. */
public final class Fixtures {
    private Fixtures() {}

    /**
     * An application manifest of a partner's size: 12 resources, 70 app roles and 80 scopes, two of the scopes by name
     * only because their resources do not publish them.
     *
     * @return the manifest as Microsoft Graph's {@code application} JSON
     */
    public static String manifest() {
        return read("manifest.json");
    }

    static String read(String name) {
        try (InputStream stream = Fixtures.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("The simulator's resource " + name + " is missing from its jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
