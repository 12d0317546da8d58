package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.api.insight.picture.Thumbnails;
import io.github.hiera4j.api.insight.search.EmbeddingIndex;
import io.github.hiera4j.api.insight.search.Neighbour;
import io.github.hiera4j.api.insight.search.ProbePicture;
import io.github.hiera4j.cli.options.LoadingOptions;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds similar files. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Find the files in an index whose embeddings are nearest to that of an image or a video.",
        subcommands = {SearchBuildCommand.class, SearchDuplicatesCommand.class},
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {
            "Every file in the index is compared, so none is missed (recall 1). The weights must be those that the",
            "index was built with; others are rejected."
        })
public final class SearchCommand implements Callable<Integer> {
    private static final int SIDE = 224;
    private static final int ACROSS = 5;

    // Not required, because the subcommands do not need them: this command checks them itself.
    @Parameters(index = "0", arity = "0..1", paramLabel = "QUERY", description = "An image or video.")
    @Nullable
    Path query;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INDEX",
            description = "An index written by 'hiera search build'.")
    @Nullable
    Path index;

    @Option(
            names = {"-w", "--weights"},
            paramLabel = "W",
            description = "The checkpoint that the index was built with.")
    @Nullable
    Path weights;

    @Mixin
    LoadingOptions loading = new LoadingOptions();

    @Option(names = "--top", paramLabel = "K", description = "Number of files to list (default: ${DEFAULT-VALUE}).")
    int top = 10;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Write the files side by side as a PNG to this directory; created if missing.")
    @Nullable
    Path out;

    @Option(names = "--html", description = "With --out, write an HTML page instead of a PNG.")
    boolean html;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Output output = new Output(spec);
        Path wanted = given(query, "QUERY");
        EmbeddingIndex files = EmbeddingIndex.open(given(index, "INDEX"));
        List<Neighbour> nearest;
        try (HieraBackbone backbone = HieraBackbone.load(given(weights, "--weights"), loading.loadOptions())) {
            files.requireSameModel(ProbePicture.embedding(backbone));
            nearest = files.nearest(backbone.embed(MediaInput.of(wanted)), top);
        }
        if (json) {
            nearest.forEach(output::json);
        } else {
            output.table(List.of("rank", "similarity", "file"), rows(nearest));
        }
        if (out != null) {
            draw(out, wanted, nearest, files.files().size());
        }
        return 0;
    }

    private Path given(@Nullable Path argument, String name) {
        if (argument == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing " + name + ": expected 'hiera search QUERY INDEX --weights W'");
        }
        return argument;
    }

    private static List<List<String>> rows(List<Neighbour> nearest) {
        List<List<String>> rows = new ArrayList<>();
        for (Neighbour one : nearest) {
            rows.add(List.of(
                    Integer.toString(rows.size() + 1),
                    String.format(Locale.ROOT, "%.4f", one.similarity()),
                    one.file()));
        }
        return rows;
    }

    private void draw(Path directory, Path wanted, List<Neighbour> nearest, int all) {
        OutputOptions options = new OutputOptions();
        options.out = directory;
        options.html = html;
        InsightRun run = new InsightRun(spec, options);
        List<List<Panel>> rows = new ArrayList<>();
        rows.add(List.of(new Panel("query", Thumbnails.of(wanted, SIDE))));
        List<Panel> row = new ArrayList<>();
        for (Neighbour one : nearest) {
            String title = String.format(
                    Locale.ROOT,
                    "%.3f %s",
                    one.similarity(),
                    Path.of(one.file()).getFileName());
            try {
                row.add(new Panel(title, Thumbnails.of(Path.of(one.file()), SIDE)));
            } catch (HieraException gone) {
                run.output().note(gone.getMessage());
            }
            if (row.size() == ACROSS) {
                rows.add(row);
                row = new ArrayList<>();
            }
        }
        if (!row.isEmpty()) {
            rows.add(row);
        }
        Sheet sheet =
                new Sheet(InsightRun.title(wanted), "the nearest of " + all + " files, by cosine similarity", rows);
        run.writeSheets("search", "Search", List.of(new InsightRun.Result<>(wanted, sheet)));
    }
}
