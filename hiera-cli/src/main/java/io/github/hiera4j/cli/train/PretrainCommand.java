package io.github.hiera4j.cli.train;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Pretrain a masked autoencoder; labels are not used. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = "Pretrain a masked autoencoder; labels are not used.")
public final class PretrainCommand implements Callable<Integer> {
    @Option(names = "--recipe", paramLabel = "NAME", description = "See hiera recipe list (default: small-mae).")
    String recipe = "small-mae";

    @Option(names = "--from", paramLabel = "FILE", description = "Begin with these weights instead of random ones.")
    @Nullable
    Path from;

    @Mixin
    RunOptions options;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        return Training.run(
                options.recipe(recipe),
                options,
                from,
                "pretrain",
                spec.commandLine().getErr());
    }
}
