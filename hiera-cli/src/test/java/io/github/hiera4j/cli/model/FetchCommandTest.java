package io.github.hiera4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads with the command from a server on loopback, and later use of the weights by name. */
class FetchCommandTest {
    private static final String HOME = "hiera.home";

    @TempDir
    Path directory;

    private final List<URI> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private Path weights;

    @BeforeEach
    void serveAModel() throws IOException {
        System.setProperty(HOME, directory.resolve("home").toString());
        weights = directory.resolve("hiera_tiny_224.pth");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        System.clearProperty(HOME);
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI());
        boolean known = exchange.getRequestURI().getPath().endsWith("/" + weights.getFileName());
        exchange.sendResponseHeaders(known ? 200 : 404, known ? Files.size(weights) : -1);
        if (known) {
            Files.copy(weights, exchange.getResponseBody());
        }
        exchange.close();
    }

    private void makeWeights() {
        CommandRun made = CommandRun.of("convert", "formula:hiera_tiny_224", weights, "--dtype", "float16");
        assertThat(made.exitCode()).as(made.err()).isZero();
    }

    private String address() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/mirror";
    }

    @Test
    void fetchedWeightsAreFoundByTheirName() throws IOException {
        makeWeights();
        Path picture = TestFiles.resource("/media/portrait.png");
        CommandRun before = CommandRun.of("classify", picture, "--weights", "hiera_tiny_224");
        assertThat(before.exitCode()).isEqualTo(1);
        assertThat(before.err())
                .contains("download them with 'hiera fetch hiera_tiny_224'")
                .hasLineCount(1);
        assertThat(requests).isEmpty(); // nothing is downloaded without a request

        CommandRun fetch = CommandRun.of("fetch", "hiera_tiny_224", "--base", address());

        assertThat(fetch.exitCode()).as(fetch.err()).isZero();
        assertThat(fetch.err()).contains("CC-BY-NC-4.0", "of 55.9 MB (50 %)");
        Path file = Path.of(fetch.lines().get(0));
        assertThat(file).isEqualTo(directory.resolve("home/weights/hiera_tiny_224.pth"));
        assertThat(requests).containsExactly(URI.create("/mirror/hiera_tiny_224.pth"));

        CommandRun byName = CommandRun.of("classify", picture, "--weights", "hiera_tiny_224");
        assertThat(byName.exitCode()).as(byName.err()).isZero();
        assertThat(byName.out())
                .isEqualTo(
                        CommandRun.of("classify", picture, "--weights", weights).out());
        assertThat(CommandRun.of("inspect", "hiera_tiny_224").exitCode()).isZero();
        assertThat(CommandRun.of("fetch", "hiera_tiny_224", "--base", address()).exitCode())
                .isZero();
        assertThat(requests).hasSize(1); // the file exists already
    }

    @Test
    void anotherModelThanWasAskedForIsRefusedAndNotKept() throws IOException {
        weights = directory.resolve("hiera_base_224.pth");
        Files.copy(TestFiles.checkpoint("nano_official.pth"), weights);

        CommandRun fetch = CommandRun.of("fetch", "hiera_base_224", "--base", address());

        assertThat(fetch.exitCode()).isEqualTo(1);
        assertThat(fetch.err()).contains("contains another model than hiera_base_224");
        assertThat(directory.resolve("home/weights/hiera_base_224.pth")).doesNotExist();
    }

    /** For SAM 2's files only the checksum is verified, so a small file is sufficient. */
    @Test
    void theProxyOfTheJvmIsUsed() throws IOException {
        weights = directory.resolve("sam2.1_hiera_tiny.pt");
        Files.copy(TestFiles.checkpoint("sam2_nano.pt"), weights);
        Map<String, String> settings = Map.of(
                "http.proxyHost", server.getAddress().getAddress().getHostAddress(),
                "http.proxyPort", String.valueOf(server.getAddress().getPort()));
        settings.forEach(System::setProperty);
        try {
            CommandRun fetch = CommandRun.of("fetch", "sam2.1_hiera_tiny", "--base", "http://weights.invalid/sam");

            assertThat(fetch.exitCode()).as(fetch.err()).isZero();
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
        assertThat(requests).containsExactly(URI.create("http://weights.invalid/sam/sam2.1_hiera_tiny.pt"));
        assertThat(directory.resolve("home/weights/sam2.1_hiera_tiny.pt")).hasSameBinaryContentAs(weights);
    }
}
