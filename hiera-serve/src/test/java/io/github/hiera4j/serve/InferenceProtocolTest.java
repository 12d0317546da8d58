package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol of a running server. */
class InferenceProtocolTest {
    private static final Path NANO = TestFiles.checkpoint("nano_official.pth");

    private static HieraServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = HieraServer.start(
                List.of(new ModelFile("nano", NANO)),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).build());
        client = new Client(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theProtocolDescribesAServerAndItsModels() throws Exception {
        assertThat(Client.json(client.get("/v2/health/live")).get("live").asBoolean())
                .isTrue();
        assertThat(Client.json(client.get("/v2/health/ready")).get("ready").asBoolean())
                .isTrue();
        assertThat(client.get("/v2").body()).contains("binary_tensor_data");
        JsonNode model = Client.json(client.get("/v2/models/nano/versions/1"));
        assertThat(model.get("inputs").get(0).get("shape").toString()).isEqualTo("[-1,3,64,64]");
        assertThat(Client.json(client.get("/v2/models/nano/ready")).get("ready").asBoolean())
                .isTrue();
    }

    @Test
    void tensorsAreInferredAsJsonAndAsBytes() throws Exception {
        int samples = 3;
        float[] pixels = new float[samples * 3 * 64 * 64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i);
        }
        String head = "{\"id\":\"a1\",\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[3,3,64,64],";
        HttpResponse<String> response = client.post(
                "/v2/models/nano/infer",
                Client.text(head + "\"data\":" + Client.JSON.writeValueAsString(pixels)
                        + "}],\"outputs\":[{\"name\":\"logits\"}]}"));
        JsonNode answer = Client.json(response);
        assertThat(answer.get("id").asString()).isEqualTo("a1");
        JsonNode logits = answer.get("outputs").get(0);
        assertThat(logits.get("shape").toString()).isEqualTo("[3,10]");

        byte[] json = Client.text(head + "\"parameters\":{\"binary_data_size\":" + pixels.length * 4
                + "}}],\"outputs\":[{\"name\":\"logits\",\"parameters\":{\"binary_data\":true}}]}");
        ByteBuffer body = ByteBuffer.allocate(json.length + pixels.length * 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(json);
        body.asFloatBuffer().put(pixels);
        HttpResponse<byte[]> binary = client.sendForBytes(client.posting("/v2/models/nano/infer", body.array())
                .header("Inference-Header-Content-Length", Integer.toString(json.length)));
        int length = Integer.parseInt(
                binary.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        ByteBuffer values = ByteBuffer.wrap(binary.body(), length, binary.body().length - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(values.remaining()).isEqualTo(samples * 10 * 4);
        for (int i = 0; i < samples * 10; i++) {
            assertThat(values.getFloat())
                    .isCloseTo((float) logits.get("data").get(i).asDouble(), within(1e-5f));
        }
    }

    @Test
    void tensorsThatDoNotFitAreRefused() throws Exception {
        String input = "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}]}";
        infer(input.formatted("FP16", "[1,3,64,64]", "[0]"), "must be FP32");
        infer(input.formatted("FP32", "[1,3,64,64]", "[0]"), "12288 elements, its data has 1");
        infer(input.formatted("FP32", "[1,3,1,1]", "[1,2,3]"), "takes the shape");
        infer(input.formatted("FP32", "[2000000,2000000]", "[0]"), "too large");
        infer("{\"inputs\":[]}", "expected one input");
        infer("{\"inputs\":[{\"data\":[1,2", "not valid JSON");
        infer("[]", "must be a JSON object");
        infer("{\"other\":1}", "unknown request 'other'");
        infer("{\"model_name\":\"mae\"}", "model_name is not the model of the address");
        infer("{\"model_name\":\"nano\",\"model_version\":\"2\"}", "model_version must be");
    }

    private static void infer(String body, String part) throws Exception {
        ServerTest.refused(client.post("/v2/models/nano/infer", Client.text(body)), 400, part);
    }
}
