package com.example;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * One model for all requests of a process: opened once, shared by all threads, closed at the end.
 *
 * <p>In a container such as Spring it is a singleton bean whose destroy method is {@code close}, which Spring detects:
 *
 * <pre>{@code
 * @Bean
 * ClassificationService classification(@Value("${hiera.weights}") Path weights) {
 *     return new ClassificationService(weights, 2);
 * }
 * }</pre>
 */
public final class ClassificationService implements AutoCloseable {
    private final HieraClassifier model;

    /**
     * Loads the model.
     *
     * @param concurrentRuns number of requests computed at once: each takes native memory for its activations, and further
     *     requests wait
     */
    public ClassificationService(Path weights, int concurrentRuns) {
        LoadOptions options = LoadOptions.builder().concurrentRuns(concurrentRuns).build();
        model = HieraClassifier.load(weights, options);
    }

    /** The five likeliest classes of an uploaded image or video; the stream is closed. */
    public List<Classification> classify(String name, InputStream upload) {
        return model.classify(MediaInput.of(name, upload), 5);
    }

    @Override
    public void close() {
        model.close();
    }
}
