package io.github.hiera4j.cli.insight;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The directory and the formats of results. */
final class OutputOptions {
    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Directory for the results; created if missing.")
    Path out = Path.of("");

    @Option(names = "--png", description = "Write an image per file (the default unless another format is selected).")
    boolean png;

    @Option(names = "--html", description = "Write one self-contained page with all files.")
    boolean html;

    @Option(names = "--json", description = "Write the figures to one JSON file.")
    boolean json;

    @Option(names = "--npy", description = "Write the values shown in the images, one NumPy array per file.")
    boolean npy;

    boolean pictures() {
        return png || !(html || json || npy);
    }

    /** Returns the directory, creating it if missing. */
    Path directory() {
        try {
            return Files.createDirectories(out);
        } catch (IOException fault) {
            throw new HieraException(out + ": cannot be created: " + FileFault.reason(fault), fault);
        }
    }
}
