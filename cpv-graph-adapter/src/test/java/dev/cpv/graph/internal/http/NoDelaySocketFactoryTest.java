package dev.cpv.graph.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

/** A batch does not wait on its way for an acknowledgement. */
class NoDelaySocketFactoryTest {
    private final SocketFactory sockets = new NoDelaySocketFactory();

    @Test
    void everySocketSendsAtOnce() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 5, loopback)) {
            int port = server.getLocalPort();
            requirePrompt(sockets.createSocket());
            requirePrompt(sockets.createSocket(loopback, port));
            requirePrompt(sockets.createSocket(loopback.getHostAddress(), port));
            requirePrompt(sockets.createSocket(loopback, port, loopback, 0));
            requirePrompt(sockets.createSocket(loopback.getHostAddress(), port, loopback, 0));
        }
    }

    private static void requirePrompt(Socket socket) throws IOException {
        try (socket) {
            assertThat(socket.getTcpNoDelay()).isTrue();
        }
    }
}
