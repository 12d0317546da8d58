package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.insight.search.EmbeddingIndex;
import io.github.hiera4j.cli.terminal.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds near-duplicate files. */
@Command(
        name = "duplicates",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List groups of near-duplicate files in an index.",
        footer = "Every pair is compared. Without --json: one file per line, with an empty line between groups.")
final class SearchDuplicatesCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "INDEX", description = "An index written by 'hiera search build'.")
    Path index = Path.of("");

    @Option(
            names = "--above",
            paramLabel = "S",
            description = "Minimum cosine similarity of near duplicates (default: ${DEFAULT-VALUE}).")
    double above = 0.97;

    @Option(names = "--json", description = "Print one JSON object per line for each group.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** One group. */
    record Group(List<String> files) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        EmbeddingIndex files = EmbeddingIndex.open(index);
        boolean first = true;
        for (List<Integer> group : files.nearDuplicates(above)) {
            List<String> names = group.stream().map(files.files()::get).toList();
            if (json) {
                output.json(new Group(names));
            } else {
                if (!first) {
                    output.line("");
                }
                names.forEach(output::line);
            }
            first = false;
        }
        return 0;
    }
}
