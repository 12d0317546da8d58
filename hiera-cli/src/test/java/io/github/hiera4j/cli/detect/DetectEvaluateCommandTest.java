package io.github.hiera4j.cli.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectEvaluateCommandTest {
    private static final String TRUTH = """
            {"images":[{"id":1,"file_name":"a.jpg","width":100,"height":80}],
             "categories":[{"id":3,"name":"cat"}],
             "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[10,10,30,30],"area":900,"iscrowd":0,
               "segmentation":[[10,10,40,10,40,40,10,40]]}]}""";

    @Test
    void aHalfRightResultIsMeasured(@TempDir Path directory) throws IOException {
        Path truth = Files.writeString(directory.resolve("truth.json"), TRUTH);
        Path results = Files.writeString(directory.resolve("results.json"), """
                [{"image_id":1,"category_id":3,"bbox":[60,10,30,30],"score":0.9},
                 {"image_id":1,"category_id":3,"bbox":[10,10,30,30],"score":0.8}]""");

        CommandRun run = CommandRun.of("detect-evaluate", truth, results, "--classes");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("1 images, 1 annotations, boxes", "AP          50.0 %", " 50.0 %  cat");
    }

    @Test
    void thePageHasARowAndACurveOfEveryCategory(@TempDir Path directory) throws IOException {
        Path truth = Files.writeString(directory.resolve("truth.json"), TRUTH);
        Path results = Files.writeString(
                directory.resolve("results.json"),
                "[{\"image_id\":1,\"category_id\":3,\"bbox\":[10,10,30,30],\"score\":0.8}]");
        Path pages = directory.resolve("pages");

        CommandRun run = CommandRun.of("detect-evaluate", truth, results, "--out", pages);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("report.html");
        assertThat(Files.readString(pages.resolve("report.html")))
                .contains(
                        "Average precision of boxes",
                        "<td>cat</td>",
                        "cat</span> precision %",
                        "IoU 0.75: 100 precision % at recall 0.00");
    }

    @Test
    void aBrokenResultFileIsOneLine(@TempDir Path directory) throws IOException {
        Path truth = Files.writeString(directory.resolve("truth.json"), TRUTH);
        Path results = Files.writeString(
                directory.resolve("results.json"), "[{\"image_id\":1,\"category_id\":3,\"bbox\":[1,2],\"score\":0.9}]");

        CommandRun run = CommandRun.of("detect-evaluate", truth, results);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("results.json: result 0: bbox: expected a list of four numbers")
                .hasLineCount(1);
    }
}
