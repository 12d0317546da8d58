package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.insight.attention.AttentionModel;
import io.github.hiera4j.api.insight.attention.BlockAttention;
import io.github.hiera4j.api.insight.attention.ViewAttention;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.reconstruct.MaskChoice;
import io.github.hiera4j.api.insight.reconstruct.Reconstruction;
import io.github.hiera4j.api.insight.reconstruct.Reconstructor;
import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Detection, reconstruction and attention over HTTP equal the results of the library. */
class InsideEndpointsTest {
    private static final Path CLASSIFIER = TestFiles.checkpoint("nano_official.pth");
    private static final Path AUTOENCODER = TestFiles.checkpoint("mae_nano_official.pth");
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");

    @TempDir
    static Path directory;

    private static HieraServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        Path detector = NanoDetectorFile.write(directory);
        server = HieraServer.start(
                List.of(
                        new ModelFile("nano", CLASSIFIER),
                        new ModelFile("mae", AUTOENCODER),
                        new ModelFile("detector", detector)),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).build());
        client = new Client(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] picture() throws Exception {
        return Files.readAllBytes(PICTURE);
    }

    private static void refused(String path, int status, String part) throws Exception {
        HttpResponse<String> answer = client.post(path, picture());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(Client.json(answer).get("error").asString()).contains(part);
    }

    @Test
    void everyModelSaysWhatItCanDo() throws Exception {
        JsonNode models = Client.json(client.get("/v1/models")).get("models");
        assertThat(models.get(0).get("tasks").toString())
                .isEqualTo("[\"classify\",\"embed\",\"features\",\"attention\"]");
        assertThat(models.get(1).get("tasks").toString())
                .contains("reconstruct")
                .doesNotContain("classify");
        assertThat(models.get(2).get("tasks").toString()).isEqualTo("[\"detect\"]");
    }

    @Test
    void detectionsAreTheLibrarysAndTheThresholdHolds() throws Exception {
        JsonNode answer = Client.json(client.post("/v1/detect?threshold=0.2&name=a.png", picture()));
        try (HieraDetector detector = HieraDetector.load(directory, DetectorOptions.DEFAULT.withThreshold(0.2))) {
            List<Detection> expected = detector.detect(PICTURE);
            assertThat(expected).isNotEmpty();
            assertThat(answer.get("file").asString()).isEqualTo("a.png");
            assertThat(answer.get("detections").size()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                JsonNode found = answer.get("detections").get(i);
                assertThat(found.get("label").asString())
                        .isEqualTo(expected.get(i).label());
                assertThat(found.get("score").asDouble())
                        .isCloseTo(expected.get(i).score(), within(1e-6));
                assertThat(found.get("box").get(2).asDouble())
                        .isCloseTo(expected.get(i).x2(), within(1e-3));
                assertThat(found.get("segmentation").get("counts").asString())
                        .isEqualTo(expected.get(i).mask().compressed());
            }
        }
        assertThat(Client.json(client.post("/v1/detect?threshold=1", picture()))
                        .get("detections")
                        .size())
                .isZero();
    }

    @Test
    void reconstructionsAreTheLibrarysForAnyRatioAndSeed() throws Exception {
        for (double ratio : List.of(0.6, 0.25, 0.75, 0.6)) { // more ratios than are kept, and the first one again
            JsonNode answer = Client.json(client.post("/v1/reconstruct?mask-ratio=" + ratio + "&seed=7", picture()));
            try (Reconstructor reconstructor =
                    Reconstructor.load(AUTOENCODER, LoadOptions.DEFAULT, new MaskChoice(ratio, 7, 1, null))) {
                Reconstruction expected =
                        reconstructor.reconstruct(MediaInput.of(PICTURE), Reconstructor.Inverse.OWN_STATISTICS);
                assertThat(answer.get("loss").asDouble()).isCloseTo(expected.loss(), within(1e-6));
                assertThat(answer.get("maskRatio").asDouble()).isEqualTo(reconstructor.maskRatio());
                assertThat(Base64.getDecoder()
                                .decode(answer.get("pasted").get(0).asString()))
                        .isEqualTo(Png.encode(expected.pasted().get(0)));
                assertThat(answer.get("errors").get(0).get(0).get(0).asDouble())
                        .isCloseTo(expected.error().get(0).at(0, 0), within(1e-5));
            }
        }
        assertThat(Client.json(client.post("/v1/reconstruct?seed=8", picture())).get("loss"))
                .isNotEqualTo(Client.json(client.post("/v1/reconstruct?seed=7", picture()))
                        .get("loss"));
        assertThat(client.metric("hiera_model_native_bytes{model=\"mae\"}")).isPositive();
    }

    @Test
    void attentionIsTheLibrarysForEveryQueryAndForOnePixel() throws Exception {
        JsonNode answer = Client.json(client.post("/v1/attention?model=nano&block=1", picture()));
        try (AttentionModel model = AttentionModel.load(CLASSIFIER, LoadOptions.DEFAULT)) {
            ViewAttention seen = model.attend(MediaInput.of(PICTURE));
            BlockAttention block = seen.block(1);
            int rows = block.queryGrid().rows();
            int columns = block.queryGrid().columns();
            assertThat(answer.get("queries").toString()).isEqualTo("[1," + rows + "," + columns + "]");
            assertThat(answer.get("maps").size()).isEqualTo(rows * columns);
            for (int query : List.of(0, columns + 1, rows * columns - 1)) {
                float[] expected = block.from(
                                BlockAttention.MEAN, block.queryGrid().tokenAt(0, query / columns, query % columns))
                        .get(0)
                        .values();
                double sum = 0;
                for (int key = 0; key < expected.length; key++) {
                    double given = answer.get("maps").get(query).get(key).asDouble();
                    assertThat(given).isCloseTo(expected[key], within(1e-5));
                    sum += given;
                }
                assertThat(sum).isCloseTo(1, within(1e-3));
            }
            assertThat(ImageReader.read(
                                    Base64.getDecoder()
                                            .decode(answer.get("view").asString()),
                                    "view")
                            .width())
                    .isEqualTo(64);
        }
        JsonNode one = Client.json(client.post("/v1/attention?model=nano&block=1&x=0&y=0", picture()));
        assertThat(one.get("maps").get(0)).isEqualTo(answer.get("maps").get(0));
    }

    @Test
    void whatAClientGetsWrongIsSaidInOneLine() throws Exception {
        refused("/v1/detect?threshold=0.01", 400, "threshold must be 0.05 to 1");
        refused("/v1/detect?model=nano", 400, "cannot detect; models that can: [detector]");
        refused("/v1/reconstruct?mask-ratio=1.5", 400, "mask-ratio must be");
        refused("/v1/reconstruct?mask-ratio=0.99", 400, "mask-ratio must be");
        refused("/v1/reconstruct?seed=-1", 400, "seed must be");
        refused("/v1/attention?block=99", 400, "block must be 0 to");
        refused("/v1/attention?head=50", 400, "head must be 0 to");
        refused("/v1/attention?x=5", 400, "give x and y");
        refused("/v1/attention?x=5&y=9999", 422, "there is no pixel");
        HttpResponse<String> video =
                client.post("/v1/detect", Files.readAllBytes(TestFiles.resource("/media/short_7f.mp4")));
        assertThat(video.statusCode()).isEqualTo(422);
        assertThat(video.body()).contains("expected an image, got a video");
    }
}
