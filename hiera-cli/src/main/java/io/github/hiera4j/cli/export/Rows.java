package io.github.hiera4j.cli.export;

import io.github.hiera4j.cli.export.ExportCommand.Row;
import io.github.hiera4j.onnx.OnnxGraph;
import java.nio.file.Path;
import java.util.List;

/** Creates the output rows of written models. */
final class Rows {
    private Rows() {}

    static Row of(List<Path> files, OnnxGraph graph) {
        List<String> names = files.stream().map(Path::toString).toList();
        return new Row(names.get(0), names, graph.inputNames(), graph.outputsInFile());
    }
}
