package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import io.github.hiera4j.serve.request.ServerLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For any bytes that a client sends, the server does not fail, hang or leak memory. */
class MalformedRequestsTest {
    private static final List<String> ADDRESSES = List.of(
            "/v1/classify",
            "/v1/embed",
            "/v1/features?stage=1",
            "/v1/segment?point=3,3",
            "/v1/detect",
            "/v1/reconstruct?seed=3",
            "/v1/attention?model=nano",
            "/v2/models/nano/infer");

    @TempDir
    Path directory;

    private final Random random = new Random(11);

    @Test
    void sixtyMalformedRequestsAreTheClientsFault() throws Exception {
        run(60);
    }

    @Test
    @Tag("slow")
    void twoThousandMalformedRequestsAreTheClientsFaultAndLeaveNoMemory() throws Exception {
        run(2000);
    }

    private void run(int requests) throws Exception {
        byte[] picture = Files.readAllBytes(TestFiles.resource("/media/portrait.png"));
        byte[] video = Files.readAllBytes(TestFiles.resource("/media/short_7f.mp4"));
        ServerLimits limits = ServerLimits.DEFAULT.withTime(Duration.ofSeconds(20));
        try (HieraServer server = HieraServer.start(
                List.of(
                        new ModelFile("nano", TestFiles.checkpoint("nano_official.pth")),
                        new ModelFile("mae", TestFiles.checkpoint("mae_nano_official.pth")),
                        new ModelFile("detector", NanoDetectorFile.write(directory)),
                        new ModelFile("sam", TestFiles.checkpoint("sam2_nano_hf"))),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).limits(limits).build())) {
            Client client = new Client(server.port());
            assertThat(client.post("/v1/classify", picture).statusCode()).isEqualTo(200);
            double before = client.metric("hiera_model_native_bytes{");
            for (int i = 0; i < requests; i++) {
                byte[] request = request(random.nextBoolean() ? picture : video);
                String answer = exchange(client, request);
                int status = answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
                assertThat(status)
                        .as("request %d, beginning with %s", i, start(request))
                        .isBetween(0, 499);
            }
            assertThat(client.post("/v1/classify", picture).statusCode()).isEqualTo(200);
            assertThat(client.metric("hiera_bodies_bytes")).isZero();
            assertThat(client.metric("hiera_media_native_bytes")).isZero();
            assertThat(client.metric("hiera_requests_pending_requests")).isZero();
            assertThat(client.metric("hiera_model_native_bytes{"))
                    .as("native memory of the models, with plans and networks that the first requests make")
                    .isLessThan(before + (64 << 20));
        }
    }

    private static String start(byte[] request) {
        return new String(request, 0, Math.min(request.length, 300), StandardCharsets.ISO_8859_1);
    }

    /** Sends bytes, sometimes closes the sending half, and reads the start of the response. */
    private String exchange(Client client, byte[] request) throws IOException {
        try (Socket socket = client.connect()) {
            int half = random.nextInt(5) == 0 ? random.nextInt(request.length) : request.length;
            socket.getOutputStream().write(request, 0, half);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        } catch (IOException reset) {
            return ""; // the server closed the connection without reading everything
        }
    }

    private byte[] request(byte[] file) {
        byte[] content = damaged(file);
        boolean form = random.nextBoolean();
        byte[] body = form ? Client.form(Map.of("top", "1"), List.of(new Client.Part("a.png", content))) : content;
        if (form && random.nextBoolean()) {
            body = damaged(body);
        }
        int length = switch (random.nextInt(6)) {
            case 0 -> body.length + 1 + random.nextInt(1000);
            case 1 -> random.nextInt(body.length + 1);
            case 2 -> -random.nextInt(100);
            default -> body.length;
        };
        StringBuilder head = new StringBuilder(String.format(
                Locale.ROOT,
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nContent-Type: %s\r\n",
                ADDRESSES.get(random.nextInt(ADDRESSES.size())),
                length,
                form ? "multipart/form-data; boundary=" + Client.BOUNDARY : "image/png"));
        switch (random.nextInt(8)) {
            case 0 ->
                head.append("X-Long: ")
                        .append("a".repeat(random.nextInt(20_000)))
                        .append("\r\n");
            case 1 -> head.append("Transfer-Encoding: chunked\r\n");
            case 2 ->
                head.append("Inference-Header-Content-Length: ")
                        .append(random.nextInt())
                        .append("\r\n");
            case 3 -> head.setCharAt(random.nextInt(head.length()), (char) random.nextInt(256));
            default -> {}
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** Truncates a request, changes some bytes, or both. */
    private byte[] damaged(byte[] sound) {
        int length = random.nextInt(3) == 0 ? 1 + random.nextInt(sound.length) : sound.length;
        byte[] bytes = java.util.Arrays.copyOf(sound, length);
        for (int change = random.nextInt(20); change > 0; change--) {
            bytes[random.nextInt(length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
