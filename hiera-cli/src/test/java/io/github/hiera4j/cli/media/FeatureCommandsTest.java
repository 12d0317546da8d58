package io.github.hiera4j.cli.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The files written by embed and features, and other input sizes. */
class FeatureCommandsTest extends MediaFixture {
    @Test
    void embeddingsAreJsonLinesOrANumpyArrayOfUnitVectors() throws IOException {
        CommandRun lines = CommandRun.of("embed", picture, film, "--weights", IMAGE_MODEL);
        assertThat(lines.lines()).hasSize(2);
        JsonNode first = json(lines.lines().get(0)).get("embedding");
        assertThat(first.size()).isEqualTo(64);

        Path array = directory.resolve("vectors.npy");
        CommandRun run = CommandRun.of("embed", picture, film, "--out", array, "--normalize", "--weights", IMAGE_MODEL);
        assertThat(run.lines()).containsExactly(picture.toString(), film.toString());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(array)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(bytes.array(), 10, 70, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 64,), }");
        assertThat(bytes.capacity()).isEqualTo(128 + 2 * 64 * 4);
        double squares = 0;
        double dot = 0;
        for (int i = 0; i < 64; i++) {
            float element = bytes.getFloat(128 + i * 4);
            squares += element * element;
            dot += element * first.get(i).asDouble();
        }
        assertThat(squares).isBetween(0.9999, 1.0001);
        assertThat(dot).isPositive();
    }

    @Test
    void namedEmbeddingsAreOneFileWhoseEndingSaysItsFormat() throws IOException {
        Path target = directory.resolve("vectors.npz");
        CommandRun refused = CommandRun.of("embed", picture, "--out", directory.resolve("x.csv"), "-w", IMAGE_MODEL);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains(".npz, .safetensors or .npy").hasLineCount(1);

        CommandRun whole = CommandRun.of("embed", picture, film, "--out", target, "-w", IMAGE_MODEL);
        assertThat(whole.exitCode()).as(whole.err()).isZero();
        assertThat(whole.out()).isEmpty();
        byte[] expected = Files.readAllBytes(target);
        Files.delete(target);

        CommandRun again = CommandRun.of("embed", picture, film, "--out", target, "-w", IMAGE_MODEL);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        Files.delete(target);
    }

    @Test
    void featuresAreWrittenInSpatialOrderWithNamedAxes() throws IOException {
        Path out = directory.resolve("maps.safetensors");
        CommandRun run = CommandRun.of("features", film, "--out", out, "--weights", VIDEO_MODEL);
        assertThat(run.exitCode()).as(run.err()).isZero();
        try (SafetensorsFile maps = SafetensorsFile.open(out)) {
            assertThat(maps.names()).containsExactlyInAnyOrder("stage1", "stage2", "stage3", "stage4");
            assertThat(maps.info("stage1").shape()).hasToString("[2, 16, 16, 8]");
            assertThat(maps.metadata()).containsEntry("axes", "T,H,W,C");
        }
        Path array = directory.resolve("stage.npy");
        assertThat(CommandRun.of("features", picture, "--out", array, "--stage", "4", "--weights", IMAGE_MODEL)
                        .exitCode())
                .isZero();
        assertThat(Files.size(array)).isEqualTo(128 + 2 * 2 * 64 * 4);
    }

    @Test
    void featuresOfSeveralFilesNeedADirectory() {
        CommandRun wrong =
                CommandRun.of("features", picture, film, "--out", "x.npy", "--stage", "1", "--weights", IMAGE_MODEL);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("pass one input").hasLineCount(1);
        Path many = directory.resolve("maps");
        CommandRun right = CommandRun.of("features", picture, film, "--out", many, "--weights", IMAGE_MODEL);
        assertThat(right.exitCode()).as(right.err()).isZero();
        assertThat(many.toFile().list()).hasSize(2);
    }

    @Test
    void anySizeAndLengthThatAModelCanTakeIsRun() {
        CommandRun fixed = CommandRun.of(
                "features",
                picture,
                "--out",
                directory.resolve("maps"),
                "--json",
                "--size",
                "96x160",
                "--weights",
                IMAGE_MODEL);
        assertThat(json(fixed.lines().get(0)).get("shape").toString()).isEqualTo("[24,40,8]");
        CommandRun whole = CommandRun.of(
                "classify", directory, "--json", "--size", "native:160", "--batch", "4", "--weights", IMAGE_MODEL);
        assertThat(whole.exitCode()).isZero();
        assertThat(whole.lines()).hasSize(2);
        CommandRun clip = CommandRun.of(
                "features",
                film,
                "--out",
                directory.resolve("clips"),
                "--json",
                "--frames",
                "8",
                "--size",
                "32x96",
                "--weights",
                VIDEO_MODEL);
        assertThat(json(clip.lines().get(0)).get("shape").toString()).isEqualTo("[4,8,24,8]");
    }

    @Test
    void aSizeThatDoesNotFitIsRefusedOrPadded() {
        CommandRun refused = CommandRun.of("classify", picture, "--size", "100", "--weights", IMAGE_MODEL);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("96 and 128").hasLineCount(1);
        CommandRun padded =
                CommandRun.of("embed", picture, "--size", "100", "--pad", "--weights", IMAGE_MODEL, "--json");
        assertThat(padded.exitCode()).isZero();
        CommandRun unread = CommandRun.of("classify", picture, "--size", "big", "--weights", IMAGE_MODEL);
        assertThat(unread.exitCode()).isNotZero();
        assertThat(unread.err()).contains("native:1536");
    }
}
