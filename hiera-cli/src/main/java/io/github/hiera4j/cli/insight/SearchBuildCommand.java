package io.github.hiera4j.cli.insight;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.api.ReadOptions;
import io.github.hiera4j.api.insight.search.EmbeddingIndex;
import io.github.hiera4j.api.insight.search.ProbePicture;
import io.github.hiera4j.cli.files.InputFiles;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.cli.terminal.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Builds an index of embeddings. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Embed the files of a directory and write an index of them.")
final class SearchBuildCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "A directory, searched recursively; a quoted glob; or - for a list.")
    String directory = "";

    @Parameters(index = "1", paramLabel = "INDEX", description = "The file to write, for example INDEX.safetensors.")
    Path index = Path.of("");

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = {"-b", "--batch"},
            paramLabel = "N",
            description = "Images or clips computed at once (default: 1).")
    int batch = 1;

    @Spec
    CommandSpec spec = CommandSpec.create();

    private int failures;

    @Override
    public Integer call() {
        Output output = new Output(spec);
        List<String> files = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        InputFiles inputs = new InputFiles(message -> fail(output, message));
        try (HieraBackbone backbone = HieraBackbone.load(model.weights, model.loadOptions());
                Stream<Path> paths = inputs.expand(List.of(directory));
                Progress progress = Progress.start(List.of(directory))) {
            float[] probe = ProbePicture.embedding(backbone);
            ReadOptions options = backbone.readOptions().withBatch(batch);
            try (Stream<MediaResult<float[]>> results = backbone.embedAll(paths, options)) {
                Iterator<MediaResult<float[]>> iterator = results.iterator();
                while (iterator.hasNext()) {
                    MediaResult<float[]> result = iterator.next();
                    progress.clear();
                    result.failure().ifPresent(failure -> fail(output, failure.getMessage()));
                    result.value().ifPresent(vector -> {
                        files.add(result.name());
                        vectors.add(vector);
                    });
                    check(
                            files.size() <= EmbeddingIndex.MOST_FILES,
                            "an index contains at most %d files: build several",
                            EmbeddingIndex.MOST_FILES);
                    progress.step();
                }
            }
            check(!files.isEmpty(), "%s: no image or video could be embedded, so there is nothing to index", directory);
            new EmbeddingIndex(files, vectors, probe).write(index);
        }
        output.line(index + "  " + files.size() + " files");
        return failures == 0 ? 0 : 1;
    }

    private void fail(Output output, String message) {
        failures++;
        output.note(message);
    }
}
