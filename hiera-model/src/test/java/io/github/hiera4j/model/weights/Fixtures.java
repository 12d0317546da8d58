package io.github.hiera4j.model.weights;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** The checkpoints that other tools wrote. */
final class Fixtures {
    private Fixtures() {}

    static Path checkpoint(String name) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource("/checkpoints/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
