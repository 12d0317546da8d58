package com.example;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.api.ReadOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Prints the likeliest class of each file: {@code ClassifyPhotos WEIGHTS FILE...}. */
public final class ClassifyPhotos {
    private ClassifyPhotos() {}

    public static void main(String[] arguments) {
        Stream<Path> files = Arrays.stream(arguments).skip(1).map(Path::of);
        ReadOptions options = ReadOptions.builder().batch(4).build();
        try (HieraClassifier hiera = HieraClassifier.load(Path.of(arguments[0]));
                Stream<MediaResult<List<Classification>>> results = hiera.classifyAll(files, options, 1)) {
            results.forEach(result -> System.out.println(result.name() + "\t"
                    + result.value()
                            .map(classes -> classes.get(0).label() + "\t" + classes.get(0).probability())
                            .orElseGet(() -> "failed\t" + result.failure().orElseThrow().getMessage())));
        }
    }
}
