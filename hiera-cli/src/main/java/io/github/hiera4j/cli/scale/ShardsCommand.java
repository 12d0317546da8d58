package io.github.hiera4j.cli.scale;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.data.layout.ShardWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies a data set into tar files. */
@Command(
        name = "shards",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Copy a data set into tar shards (WebDataset), which training reads directly.",
            "Training samples are shuffled once; files are copied unchanged."
        })
public final class ShardsCommand implements Callable<Integer> {
    private static final int MOST_SAMPLES = 10_000_000;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "A data set in a layout supported by finetune.")
    Path data = Path.of("");

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Directory for train-000000.tar, …, val-000000.tar, … and classes.txt.")
    Path out = Path.of("");

    @Option(names = "--unlabelled", description = "For pretraining: a directory of any layout, without classes.")
    boolean unlabelled;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Samples per shard (default: ${DEFAULT-VALUE}); aim for shards of 100 MB to 1 GB.")
    int samples = 5000;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the shuffled order (default: ${DEFAULT-VALUE}).")
    long seed;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        checkCall(samples >= 1 && samples <= MOST_SAMPLES, "--samples must be 1 to %d, got %d", MOST_SAMPLES, samples);
        Output output = new Output(spec);
        Dataset dataset = unlabelled ? Datasets.openUnlabelled(data) : Datasets.open(data);
        ShardWriter.Written written = new ShardWriter(samples, seed, output::note).write(dataset, out);
        output.note(out + ": " + Output.grouped(written.shards()) + " shards, " + Output.grouped(written.samples())
                + " samples, " + (written.bytes() >> 20) + " MB"
                + (written.leftOut() > 0 ? "; left out: " + Output.grouped(written.leftOut()) : ""));
        return written.leftOut() == 0 ? 0 : 1;
    }
}
