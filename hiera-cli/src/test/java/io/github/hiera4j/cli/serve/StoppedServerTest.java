package io.github.hiera4j.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.Main;
import io.github.hiera4j.cli.process.ChildProcess;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in its own process that receives SIGTERM while clients keep it busy. */
class StoppedServerTest {
    private static final int CLIENTS = 8;

    @TempDir
    Path directory;

    /** The counts of one client. */
    private record Count(int sent, int answered) {}

    @Test
    void aServerThatIsTerminatedUnderLoadAnswersEveryRequestItWasSent() throws Exception {
        byte[] picture = Files.readAllBytes(TestFiles.resource("/media/portrait.png"));
        Process server = ChildProcess.start(
                directory,
                Main.class,
                "serve",
                "--weights",
                TestFiles.checkpoint("nano_official.pth"),
                "--port",
                "0",
                "--no-access-log");
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            int port = port(server);
            CountDownLatch busy = new CountDownLatch(10 * CLIENTS);
            AtomicInteger signalled = new AtomicInteger();
            List<Future<Count>> counts = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                counts.add(clients.submit(() -> client(port, picture, busy, signalled)));
            }
            assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
            signalled.set(1);
            ChildProcess.signal(server, "TERM");
            for (Future<Count> count : counts) {
                Count one = count.get(60, TimeUnit.SECONDS);
                assertThat(one.answered()).isEqualTo(one.sent());
            }
            assertThat(server.waitFor(20, TimeUnit.SECONDS))
                    .as("the server has ended")
                    .isTrue();
            assertThat(signalled.get()).as("answers after the signal").isGreaterThan(1);
        } finally {
            clients.shutdownNow();
            server.destroyForcibly();
        }
    }

    /** Sends requests one after another over one connection until the server asks to close it. */
    private static Count client(int port, byte[] picture, CountDownLatch busy, AtomicInteger signalled)
            throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(String.format(
                        Locale.ROOT,
                        "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n",
                        picture.length)
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(picture);
        int sent = 0;
        int answered = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            InputStream in = socket.getInputStream();
            boolean open = true;
            while (open) {
                socket.getOutputStream().write(request.toByteArray());
                sent++;
                String head = head(in);
                int length = Integer.parseInt(head.replaceAll("(?is).*content-length: *(\\d+).*", "$1"));
                if (head.startsWith("HTTP/1.1 200") && in.readNBytes(length).length == length) {
                    answered++;
                }
                if (signalled.get() > 0) {
                    signalled.incrementAndGet();
                }
                busy.countDown();
                open = !head.toLowerCase(Locale.ROOT).contains("connection: close");
            }
        }
        return new Count(sent, answered);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ends after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Returns the port that the server reports. */
    private static int port(Process server) throws IOException {
        BufferedReader messages = server.inputReader(StandardCharsets.UTF_8);
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.contains("serving ")) {
                return Integer.parseInt(line.replaceAll(".*:(\\d+)/$", "$1"));
            }
        }
        throw new IOException("the server ended before it listened");
    }
}
