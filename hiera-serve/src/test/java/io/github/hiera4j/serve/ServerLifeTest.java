package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import io.github.hiera4j.serve.request.ServerLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behaviour of a server over time: batches, load, clients that disconnect, changed files, shutdown. */
class ServerLifeTest {
    private static final Path NANO = TestFiles.checkpoint("nano_official.pth");

    @TempDir
    Path directory;

    private static HieraServer start(ServeSettings settings, ServerOptions.Builder options) {
        return HieraServer.start(
                List.of(new ModelFile("nano", NANO)), settings, options.port(0).build());
    }

    private static byte[] picture() throws Exception {
        return Files.readAllBytes(TestFiles.resource("/media/portrait.png"));
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("the condition is met in time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void requestsThatComeTogetherShareABatch() throws Exception {
        ServeSettings patient = ServeSettings.DEFAULT.withBatch(8, Duration.ofMillis(400));
        try (HieraServer server = start(patient, ServerOptions.builder())) {
            Client client = new Client(server.port());
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(client.start(client.posting("/v1/classify", picture())));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
            assertThat(client.metric("hiera_batch_views_sum{")).isEqualTo(8);
            assertThat(client.metric("hiera_batch_views_count{")).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void onlyHoldersOfTheTokenAreAnsweredButHealthAndPageAreOpen() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef-secret\n");
        try (HieraServer server =
                start(ServeSettings.DEFAULT, ServerOptions.builder().tokenFile(token))) {
            Client client = new Client(server.port());
            HttpResponse<String> refused = client.post("/v1/classify", picture());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertThat(client.get("/metrics").statusCode()).isEqualTo(401);
            assertThat(statusWith(client, "Bearer 0123456789abcdef-secreT")).isEqualTo("401");
            assertThat(statusWith(client, "Basic 0123456789abcdef-secret")).isEqualTo("401");
            assertThat(statusWith(client, "Bearer 0123456789abcdef-secret")).isEqualTo("200");
            assertThat(client.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(client.get("/").statusCode()).isEqualTo(200);
        }
    }

    /** Java's client does not send this header again once it was refused. */
    private static String statusWith(Client client, String authorization) throws Exception {
        try (Socket socket = client.connect()) {
            socket.getOutputStream()
                    .write(Client.text(
                            "GET /v2 HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\n\r\n"));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9);
        }
    }

    @Test
    void aServerThatOthersReachNeedsATokenAndATokenMustBeLong() throws Exception {
        assertThatThrownBy(() ->
                        start(ServeSettings.DEFAULT, ServerOptions.builder().host("0.0.0.0")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("--token-file");
        Path token = Files.writeString(directory.resolve("token"), "short\n");
        assertThatThrownBy(() ->
                        start(ServeSettings.DEFAULT, ServerOptions.builder().tokenFile(token)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("16 to");
    }

    @Test
    void aServerThatIsFullSaysWhenToComeBackAndASlowBodyIsEnded() throws Exception {
        ServerLimits limits = ServerLimits.DEFAULT.withPendingRequests(1).withTime(Duration.ofMillis(1500));
        try (HieraServer server =
                start(ServeSettings.DEFAULT, ServerOptions.builder().limits(limits))) {
            Client client = new Client(server.port());
            try (Socket slow = client.connect()) {
                slow.getOutputStream()
                        .write(Client.text(
                                "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nabc"));
                eventually(() -> client.metric("hiera_requests_pending_requests") == 1);
                HttpResponse<String> refused = client.post("/v1/classify", picture());
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                Thread.sleep(1500);
                slow.getOutputStream().write('d');
                assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 408");
            }
            assertThat(client.post("/v1/classify", picture()).statusCode()).isEqualTo(200);
            assertThat(client.metric("hiera_bodies_bytes")).isZero();
        }
    }

    @Test
    void aRequestThatIsTooLargeIsRefusedBeforeItsBodyIsRead() throws Exception {
        ServerLimits limits = ServerLimits.DEFAULT.withRequestBytes(1000);
        try (HieraServer server =
                start(ServeSettings.DEFAULT, ServerOptions.builder().limits(limits))) {
            HttpResponse<String> refused = new Client(server.port()).post("/v1/classify", new byte[100_000]);
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.body()).contains("may have 1000 bytes");
        }
    }

    @Test
    void limitsOfPixelsAndLengthHold() throws Exception {
        ServerLimits limits = ServerLimits.DEFAULT.withPixels(10_000).withVideoLength(Duration.ofMillis(50));
        try (HieraServer server =
                start(ServeSettings.DEFAULT, ServerOptions.builder().limits(limits))) {
            Client client = new Client(server.port());
            assertThat(client.post("/v1/classify", picture()).statusCode()).isEqualTo(422);
            HttpResponse<String> video = client.post(
                    "/v1/classify?name=a.mp4", Files.readAllBytes(TestFiles.resource("/media/short_7f.mp4")));
            assertThat(video.statusCode()).isEqualTo(422);
            assertThat(video.body()).contains("a.mp4").doesNotContain(System.getProperty("java.io.tmpdir"));
        }
    }

    @Test
    void theWorkOfAClientThatLeavesIsDropped() throws Exception {
        ServeSettings patient = ServeSettings.DEFAULT.withBatch(8, Duration.ofSeconds(2));
        try (HieraServer server = start(patient, ServerOptions.builder())) {
            Client client = new Client(server.port());
            byte[] picture = picture();
            try (Socket leaver = client.connect()) {
                leaver.getOutputStream()
                        .write(Client.text("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                + picture.length + "\r\n\r\n"));
                leaver.getOutputStream().write(picture);
                eventually(() -> client.metric("hiera_queue_views{") == 1);
            }
            eventually(() ->
                    client.metric("hiera_requests_seconds_count{method=\"POST\",route=\"/v1/classify\",status=\"499\"")
                            == 1);
            Thread.sleep(2100);
            assertThat(client.metric("hiera_batch_views_sum{")).isZero();
        }
    }

    @Test
    void aChangedFileIsServedAndABrokenOneIsNot() throws Exception {
        Path file = Files.copy(NANO, directory.resolve("model.pth"));
        List<String> messages = new CopyOnWriteArrayList<>();
        ServerOptions options =
                ServerOptions.builder().port(0).messages(messages::add).build();
        try (HieraServer server = HieraServer.start(
                List.of(new ModelFile("m", file)), ServeSettings.DEFAULT, options, Duration.ofMillis(50))) {
            Client client = new Client(server.port());
            assertThat(Client.json(client.get("/v1/models"))
                            .get("models")
                            .get(0)
                            .get("inputSize")
                            .toString())
                    .isEqualTo("[64,64]");
            replace(file, Files.readAllBytes(TestFiles.checkpoint("nano_video_official.pth")));
            eventually(() -> client.get("/v1/models").body().contains("[4,64,64]"));
            assertThat(client.post("/v1/classify", picture()).statusCode()).isEqualTo(200);
            replace(file, Client.text("no checkpoint"));
            eventually(() -> messages.stream().anyMatch(line -> line.contains("cannot be loaded")));
            assertThat(client.post("/v1/classify", picture()).statusCode()).isEqualTo(200);
            assertThat(client.metric("hiera_reloads_total{model=\"m\",result=\"success\"}"))
                    .isEqualTo(1);
            assertThat(client.metric("hiera_reloads_total{model=\"m\",result=\"failure\"}"))
                    .isEqualTo(1);
        }
    }

    private void replace(Path file, byte[] content) throws Exception {
        Path fresh = Files.write(directory.resolve("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void closingFinishesWhatRunsAndTheLogHasALineForEach() throws Exception {
        ServeSettings patient = ServeSettings.DEFAULT.withBatch(8, Duration.ofMillis(500));
        StringWriter log = new StringWriter();
        HieraServer server = start(patient, ServerOptions.builder().accessLog(new PrintWriter(log)));
        Client client = new Client(server.port());
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(client.start(client.posting("/v1/classify?top=1", picture())));
        }
        eventually(() -> client.metric("hiera_queue_views{") == 3);
        server.close();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
        assertThat(log.toString().lines().filter(line -> line.contains("\"POST /v1/classify HTTP/1.1\" 200 ")))
                .hasSize(3);
    }

    @Test
    void metricsAndLogSayWhatARequestSpentItsTimeOn() throws Exception {
        ServeSettings patient = ServeSettings.DEFAULT.withBatch(8, Duration.ofMillis(200));
        StringWriter log = new StringWriter();
        HieraServer server = start(patient, ServerOptions.builder().accessLog(new PrintWriter(log)));
        Client client = new Client(server.port());
        String route = "route=\"/v1/classify\"";
        try (server) {
            assertThat(client.post("/v1/classify", picture()).statusCode()).isEqualTo(200);
            String start = "hiera_request_stage_seconds_sum{" + route + ",stage=\"";
            eventually(() -> client.metric(start + "encode\"}") > 0);
            for (String stage : List.of("read", "queue", "decode", "prepare", "model")) {
                assertThat(client.metric(start + stage + "\"}")).as(stage).isGreaterThan(0);
            }
            assertThat(client.metric(start + "wait\"}")).isBetween(0.19, 5.0);
            double whole = client.metric("hiera_requests_seconds_sum{method=\"POST\"," + route);
            assertThat(client.metric(start)).isBetween(0.19, whole + 0.1); // the end of one stage may overlap the next
        }
        assertThat(log.toString().lines().filter(line -> line.contains("POST")))
                .singleElement()
                .asString()
                .matches(".* 200 \\d+ [0-9.]+ read=[0-9.]+ queue=[0-9.]+ decode=[0-9.]+ prepare=[0-9.]+"
                        + " wait=[0-9.]+ model=[0-9.]+ encode=[0-9.]+");
        assertThat(log.toString().lines().filter(line -> line.contains("GET /metrics")))
                .allMatch(line -> !line.contains("="));
    }
}
