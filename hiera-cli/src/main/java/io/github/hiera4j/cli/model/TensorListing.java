package io.github.hiera4j.cli.model;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The tensors of a checkpoint as {@code hiera inspect} shows them. */
final class TensorListing {
    private TensorListing() {}

    /** One tensor. */
    interface Row {
        String name();

        String dtype();

        List<Integer> shape();
    }

    /** Returns the size of each axis. */
    static List<Integer> sizes(TensorInfo info) {
        return Arrays.stream(info.shape().sizes()).boxed().toList();
    }

    /** Prints a table of all tensors, or a hint to the option that lists them. */
    static void print(Output output, boolean listed, List<? extends Row> rows) {
        if (!listed) {
            output.line("            (--tensors lists them)");
            return;
        }
        output.line("");
        output.table(
                List.of("tensor", "dtype", "shape"),
                rows.stream()
                        .map(row -> List.of(row.name(), row.dtype(), row.shape().toString()))
                        .toList());
    }

    static void requireFit(Path file, LoadReport fit) {
        if (!fit.isExact()) {
            throw new HieraException(file + ": the tensors do not fit the model: " + fit);
        }
    }
}
