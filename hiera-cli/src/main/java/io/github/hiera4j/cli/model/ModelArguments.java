package io.github.hiera4j.cli.model;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model arguments of every command that shows or measures models. */
public final class ModelArguments {
    @Parameters(
            arity = "0..*",
            split = ",",
            paramLabel = "MODEL",
            description = "A published model (hiera models), or a checkpoint: a file, a directory, a run.")
    private List<String> models = List.of();

    @Option(names = "--model", split = ",", paramLabel = "NAME", description = "The same, as an option.")
    private List<String> named = List.of();

    @Option(
            names = {"-w", "--weights"},
            split = ",",
            paramLabel = "W",
            description = "The same, as an option.")
    private List<String> weights = List.of();

    /** {@return all models given, or the default if there are none} */
    public List<String> or(List<String> otherwise) {
        List<String> all = new ArrayList<>(models);
        all.addAll(named);
        all.addAll(weights);
        return all.isEmpty() ? otherwise : all;
    }

    /** {@return the only model given} */
    String single() {
        List<String> all = or(List.of());
        checkCall(
                all.size() == 1,
                "expected one MODEL, a published model or a checkpoint; got %d (see --help)",
                all.size());
        return all.get(0);
    }
}
