package io.github.hiera4j.cli.train;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Train a classifier, from an autoencoder or any checkpoint. */
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        description = "Train a classifier, from an autoencoder or any checkpoint.")
public final class FinetuneCommand implements Callable<Integer> {
    @Option(names = "--recipe", paramLabel = "NAME", description = "See hiera recipe list (default: small-finetune).")
    String recipe = "small-finetune";

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
                "finetune",
                spec.commandLine().getErr());
    }
}
