package io.github.hiera4j.model.checkpoint;

import io.github.hiera4j.model.network.HieraConfig;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Checkpoints written by other tools. */
public final class Fixtures {
    /** The image model in most of the fixtures. */
    public static final HieraConfig NANO = HieraConfig.image()
            .inputSize(List.of(64, 64))
            .embedDim(8)
            .stages(List.of(1, 1, 2, 1))
            .numClasses(10)
            .build();

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
