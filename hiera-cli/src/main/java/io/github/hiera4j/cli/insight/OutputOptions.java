package io.github.hiera4j.cli.insight;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where results go, and as what. */
final class OutputOptions {
    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Directory for the results; made if missing.")
    Path out = Path.of("");

    @Option(names = "--png", description = "A picture per file (the default; name it to get it with the others).")
    boolean png;

    @Option(names = "--html", description = "One page that needs nothing else, with all files.")
    boolean html;

    @Option(names = "--json", description = "The figures, in one JSON file.")
    boolean json;

    @Option(names = "--npy", description = "The numbers that the pictures show, a NumPy array per file.")
    boolean npy;

    boolean pictures() {
        return png || !(html || json || npy);
    }

    /** The directory, made if missing. */
    Path directory() {
        try {
            return Files.createDirectories(out);
        } catch (IOException fault) {
            throw new HieraException(out + ": cannot be created: " + FileFault.reason(fault), fault);
        }
    }
}
