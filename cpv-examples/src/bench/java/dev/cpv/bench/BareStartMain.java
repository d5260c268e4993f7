package dev.cpv.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends the requests of {@link StartMain} without cpv. */
final class BareStartMain {
    private BareStartMain() {}

    /**
     * Sends the requests.
     *
     * @param args the file of the service, the file of the requests
     */
    public static void main(String[] args) throws IOException {
        BareWire bare = new BareWire(new Service(Fixture.JSON.readTree(Files.readString(Path.of(args[0])))));
        bare.replay(Fixture.JSON.readTree(Files.readString(Path.of(args[1]))));
        Spent.print();
    }
}
