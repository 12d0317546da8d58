package io.github.hiera4j.train.study;

import java.util.List;

/**
 * The mean and spread of a figure over several seeds.
 *
 * @param count number of figures
 * @param mean of the figures; NaN if there are none
 * @param deviation sample standard deviation; 0 for one figure
 * @param least the smallest
 * @param most the largest
 */
public record Spread(int count, double mean, double deviation, double least, double most) {
    /**
     * {@return the spread of figures}
     *
     * @param figures any number of them
     */
    public static Spread of(List<Double> figures) {
        int count = figures.size();
        if (count == 0) {
            return new Spread(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double mean = figures.stream().mapToDouble(Double::doubleValue).sum() / count;
        double squares = figures.stream()
                .mapToDouble(figure -> (figure - mean) * (figure - mean))
                .sum();
        double deviation = count == 1 ? 0 : Math.sqrt(squares / (count - 1));
        double least = figures.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double most = figures.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return new Spread(count, mean, deviation, least, most);
    }
}
