package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.FeatureMap;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.api.segment.MaskFiles;
import io.github.hiera4j.api.segment.Prompt;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The server's own endpoints as a client sees them, and the requests that it refuses. */
class ServerTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path VIDEO = TestFiles.resource("/media/short_7f.mp4");
    private static final Path NANO = TestFiles.checkpoint("nano_official.pth");
    private static final Path CLIPS = TestFiles.checkpoint("nano_video_official.pth");
    private static final Path SAM = TestFiles.checkpoint("sam2_nano_hf");

    private static HieraServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = HieraServer.start(
                List.of(new ModelFile("nano", NANO), new ModelFile("clips", CLIPS), new ModelFile("sam", SAM)),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).build());
        client = new Client(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] picture() throws IOException {
        return Files.readAllBytes(PICTURE);
    }

    @Test
    void anImageIsClassifiedAsTheLibraryDoes() throws Exception {
        JsonNode answer = Client.json(client.post("/v1/classify?top=3&name=cat.png", picture()));
        assertThat(answer.get("file").asString()).isEqualTo("cat.png");
        try (HieraClassifier nano = HieraClassifier.load(NANO)) {
            List<Classification> expected = nano.classify(PICTURE, 3);
            for (int i = 0; i < 3; i++) {
                JsonNode guess = answer.get("predictions").get(i);
                assertThat(guess.get("index").asInt()).isEqualTo(expected.get(i).index());
                assertThat(guess.get("label").asString())
                        .isEqualTo(expected.get(i).label());
                assertThat(guess.get("probability").asDouble())
                        .isCloseTo(expected.get(i).probability(), within(1e-5));
            }
        }
    }

    @Test
    void aVideoGoesToTheVideoModelByItsContent() throws Exception {
        JsonNode answer = Client.json(client.post("/v1/classify?clips=1&crops=1", Files.readAllBytes(VIDEO)));
        assertThat(answer.get("model").asString()).isEqualTo("clips");
        try (HieraClassifier clips = HieraClassifier.load(CLIPS)) {
            Classification first = clips.classify(
                            List.of(MediaInput.of(VIDEO)), clips.readOptions().withViews(1, 1), 1)
                    .get(0)
                    .get(0);
            assertThat(answer.get("predictions").get(0).get("index").asInt()).isEqualTo(first.index());
        }
    }

    @Test
    void severalFilesAreAnsweredLineByLineAndABrokenOneFailsAlone() throws Exception {
        HttpResponse<String> response = client.post(
                "/v1/classify",
                Map.of("top", "1"),
                List.of(
                        Client.Part.resource("/media/portrait.png"),
                        new Client.Part("..\\evil/../broken.png", Client.text("no picture at all")),
                        Client.Part.resource("/media/short_7f.mp4")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<JsonNode> lines = Client.lines(response);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).get("predictions")).hasSize(1);
        assertThat(lines.get(1).get("file").asString()).isEqualTo("broken.png");
        assertThat(lines.get(1).get("error").asString()).contains("neither an image nor a video");
        assertThat(lines.get(2).get("model").asString()).isEqualTo("clips");
    }

    @Test
    void embeddingsAndFeaturesEqualTheLibrarys() throws Exception {
        try (HieraClassifier nano = HieraClassifier.load(NANO)) {
            JsonNode embedding =
                    Client.json(client.post("/v1/embed?model=nano", picture())).get("embedding");
            float[] expected = nano.embed(PICTURE);
            assertThat(embedding).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertThat(embedding.get(i).asDouble()).isCloseTo(expected[i], within(1e-4));
            }
            JsonNode unit = Client.json(client.post("/v1/embed?normalize=true", picture()))
                    .get("embedding");
            double squares = 0;
            for (JsonNode element : unit) {
                squares += element.asDouble() * element.asDouble();
            }
            assertThat(squares).isCloseTo(1, within(1e-5));
            FeatureMap map = nano.features(PICTURE).get(1);
            JsonNode row = Client.json(client.post("/v1/features?stage=2", picture()));
            assertThat(row.get("axes").toString()).isEqualTo("[\"H\",\"W\",\"C\"]");
            assertThat(row.get("values")).hasSize(map.values().elements());
            assertThat(row.get("values").get(7).asDouble())
                    .isCloseTo(map.values().get(7), within(1e-4));
        }
    }

    @Test
    void aPointIsSegmentedAsTheLibraryDoes() throws Exception {
        try (HieraSegmenter sam = HieraSegmenter.load(SAM)) {
            String expected = Client.JSON.writeValueAsString(
                    MaskFiles.coco(sam.segment(sam.embed(PICTURE), Prompt.point(100, 120))
                                    .get(0))
                            .get("segmentation"));
            for (int i = 0; i < 2; i++) { // the second time from the encoded image in the cache
                JsonNode mask = Client.json(client.post("/v1/segment?point=100,120", picture()));
                assertThat(mask.get("segmentation").toString()).isEqualTo(expected);
            }
        }
        assertThat(Client.lines(client.post("/v1/segment?point=100,120&alternatives=true", picture())))
                .hasSize(3);
    }

    @Test
    void whatAClientGetsWrongIsSaidInOneLineWithAStatusOfTheClient() throws Exception {
        byte[] file = picture();
        refused(client.post("/v1/classify", new byte[0]), 400, "expected an image or video");
        refused(client.post("/v1/classify?tip=3", file), 400, "unknown parameter 'tip'");
        refused(client.post("/v1/classify?top=0", file), 400, "top must be 1 to");
        refused(client.post("/v1/classify?top=1&top=2", file), 400, "expected 'top' once");
        refused(client.post("/v1/classify?model=other", file), 404, "there is no model 'other'");
        refused(client.post("/v1/classify?model=sam", file), 400, "cannot classify");
        refused(client.post("/v1/segment", file), 400, "say what to segment");
        refused(client.post("/v1/segment?point=1e9,1", file), 400, "point must be 2 numbers");
        refused(client.post("/v1/segment?point=99999,1", file), 422, "outside the image");
        refused(client.post("/v1/segment?point=1,1", Files.readAllBytes(VIDEO)), 422, "expected an image, got a video");
        refused(client.post("/v1/classify", Client.text("<html>")), 422, "neither an image nor a video");
        refused(client.post("/v1/nothing", file), 404, "nothing at this address");
        refused(client.get("/v1/classify"), 405, "does not allow the method");
        refused(client.get("/v2/models/nano/versions/2"), 404, "no version '2'");
        refused(
                client.send(client.posting("/v1/classify", file).header("Content-Encoding", "gzip")),
                415,
                "uncompressed");
        refused(
                client.send(client.request("/v1/classify")
                        .header("Content-Type", "multipart/form-data")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(file))),
                400,
                "boundary");
    }

    static void refused(HttpResponse<String> response, int status, String part) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = Client.json(response);
        assertThat(body.propertyNames()).containsExactly("error");
        assertThat(body.get("error").asString()).contains(part).hasLineCount(1);
    }

    @Test
    void whatIsNoHttpIsTheClientsFault() throws Exception {
        for (String head : List.of(
                "POST /v1/classify HTZP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /v1/classify HTTP/7.3\r\nHost: localhost\r\n\r\n",
                "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
                "BREW /v1/classify HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            try (java.net.Socket socket = client.connect()) {
                socket.getOutputStream().write(Client.text(head));
                socket.shutdownOutput();
                assertThat(new String(
                                socket.getInputStream().readNBytes(10), java.nio.charset.StandardCharsets.US_ASCII))
                        .as(head)
                        .isEqualTo("HTTP/1.1 4");
            }
        }
    }

    @Test
    void everyAnswerHasTheHeadersOfASafeOne() throws Exception {
        for (String path : List.of("/", "/v1/models", "/nothing", "/metrics")) {
            HttpResponse<String> response = client.get(path);
            assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(response.headers().firstValue("Server")).isEmpty();
        }
    }

    @Test
    void thePagesOfOtherSitesAreRefused() throws Exception {
        HttpRequest.Builder foreign = client.request("/v1/models").header("Origin", "http://example.org");
        assertThat(client.send(foreign).statusCode()).isEqualTo(403);
        HttpRequest.Builder own = client.request("/v1/models").header("Origin", "http://127.0.0.1:" + server.port());
        assertThat(client.send(own).statusCode()).isEqualTo(200);
    }

    @Test
    void aPictureWithDamagedDataIsAnsweredWithAWarning() throws Exception {
        byte[] file = Client.Part.resource("/media/damaged.jpg").content();
        JsonNode answer = Client.json(client.post("/v1/classify", file));
        assertThat(answer.get("warnings").get(0).stringValue()).contains("the JPEG data is damaged at byte");
    }

    @Test
    void metricsShowRequestsBatchesAndMemory() throws Exception {
        client.post("/v1/classify", picture());
        String metrics = client.get("/metrics").body();
        assertThat(metrics)
                .contains("hiera_requests_seconds_bucket{method=\"POST\",route=\"/v1/classify\",status=\"200\"")
                .contains("hiera_batch_views_sum{model=\"nano\"}")
                .contains("hiera_queue_views{model=\"nano\"}");
        assertThat(client.metric("hiera_model_native_bytes{model=\"nano\"}")).isPositive();
    }
}
