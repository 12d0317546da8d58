package io.github.hiera4j.api.insight.search;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.insight.feature.PrincipalComponents;
import java.util.ArrayList;
import java.util.List;

/**
 * Embeddings in two dimensions: their two largest principal components, both with the same scale.
 *
 * @param places one per file
 * @param varianceShares the fraction of the variance that each direction explains, 0 to 1
 */
public record EmbeddingMap(List<Place> places, List<Double> varianceShares) {

    /**
     * A position on the map.
     *
     * @param x from 0 to 1
     * @param y from 0 to 1
     */
    public record Place(double x, double y) {}

    /**
     * Lays out embeddings.
     *
     * @param embeddings two or more, of the same length
     * @return the map
     */
    public static EmbeddingMap of(List<float[]> embeddings) {
        check(embeddings.size() >= 2, "a map needs at least 2 files, got %d", embeddings.size());
        int dimension = embeddings.get(0).length;
        PrincipalComponents components = PrincipalComponents.fit(embeddings, dimension, 2);
        List<float[]> projected = embeddings.stream().map(components::project).toList();
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (float[] point : projected) {
            for (int axis = 0; axis < 2; axis++) {
                low[axis] = Math.min(low[axis], point[axis]);
                high[axis] = Math.max(high[axis], point[axis]);
            }
        }
        double range = Math.max(Math.max(high[0] - low[0], high[1] - low[1]), 1e-12);
        List<Place> places = new ArrayList<>();
        for (float[] point : projected) {
            places.add(new Place(
                    0.5 + (point[0] - (low[0] + high[0]) / 2) / range,
                    0.5 + (point[1] - (low[1] + high[1]) / 2) / range));
        }
        return new EmbeddingMap(places, components.varianceShares());
    }
}
