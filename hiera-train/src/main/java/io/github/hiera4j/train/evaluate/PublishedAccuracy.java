package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.recipe.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The top-1 accuracy that the paper reports for a model on a data set (arXiv 2306.00989, tables 1, 4 to 6, 8 and 9), for comparison.
 *
 * @param data the data set
 * @param model the published model
 * @param top1 fraction of samples that are classified correctly, 0 to 1
 * @param views number of views of each sample; 0 if the paper does not state it
 * @param source the table
 */
public record PublishedAccuracy(String data, String model, double top1, int views, String source) {
    private static final String FILE = "published-accuracy.csv";

    /**
     * Looks up the figure of a model. A data set is identified by its number of classes, which differs between all data sets of the paper.
     *
     * @param model the evaluated model; its variant and input size must be those of the paper
     * @param classes of the data set
     * @return empty if the paper has no such figure
     */
    public static Optional<PublishedAccuracy> of(HieraConfig model, int classes) {
        Optional<String> name = Models.nameOf(model);
        return name.flatMap(known -> named(known, model.inputSize(), classes));
    }

    /**
     * Looks up the figure of a model by name, including the models that the paper compares Hiera with.
     *
     * @param model the published name
     * @param inputSize pixels (and frames) per axis
     * @param classes of the data set
     * @return empty if the paper has no such figure
     */
    public static Optional<PublishedAccuracy> named(String model, List<Integer> inputSize, int classes) {
        String input = inputSize.stream().map(String::valueOf).collect(Collectors.joining("x"));
        return text().lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(row -> Integer.parseInt(row[1]) == classes && row[3].equals(input))
                .filter(row -> row[2].equals(model))
                .map(row -> new PublishedAccuracy(
                        row[0],
                        row[2],
                        new BigDecimal(row[4]).movePointLeft(2).doubleValue(),
                        Integer.parseInt(row[5]),
                        row[6]))
                .findFirst();
    }

    private static String text() {
        try (InputStream stream = Objects.requireNonNull(PublishedAccuracy.class.getResourceAsStream(FILE))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
