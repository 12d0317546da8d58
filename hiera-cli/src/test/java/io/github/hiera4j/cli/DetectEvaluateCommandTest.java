package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DetectEvaluateCommandTest {
    private static final String TRUTH = """
            {"images":[{"id":1,"file_name":"a.jpg","width":100,"height":80}],
             "categories":[{"id":3,"name":"cat"}],
             "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[10,10,30,30],"area":900,"iscrowd":0,
               "segmentation":[[10,10,40,10,40,40,10,40]]}]}""";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    void aHalfRightResultIsMeasured(@TempDir Path directory) throws IOException {
        Path truth = Files.writeString(directory.resolve("truth.json"), TRUTH);
        Path results = Files.writeString(directory.resolve("results.json"), """
                [{"image_id":1,"category_id":3,"bbox":[60,10,30,30],"score":0.9},
                 {"image_id":1,"category_id":3,"bbox":[10,10,30,30],"score":0.8}]""");

        int exit = run("detect-evaluate", truth.toString(), results.toString(), "--classes");

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("1 images, 1 annotations, boxes", "AP          0.500", " 0.500  cat");
    }

    @Test
    void aBrokenResultFileIsOneLine(@TempDir Path directory) throws IOException {
        Path truth = Files.writeString(directory.resolve("truth.json"), TRUTH);
        Path results = Files.writeString(
                directory.resolve("results.json"), "[{\"image_id\":1,\"category_id\":3,\"bbox\":[1,2],\"score\":0.9}]");

        int exit = run("detect-evaluate", truth.toString(), results.toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .contains("results.json: result 0: bbox: expected a list of four numbers")
                .hasLineCount(1);
    }
}
