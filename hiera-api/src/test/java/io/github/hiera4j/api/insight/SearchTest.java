package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.insight.search.EmbeddingIndex;
import io.github.hiera4j.api.insight.search.EmbeddingMap;
import io.github.hiera4j.api.insight.search.Neighbour;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
    @TempDir
    Path directory;

    private static List<float[]> vectors(int count, int length, long seed) {
        Random random = new Random(seed);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = new float[length];
            for (int j = 0; j < length; j++) {
                vector[j] = (float) random.nextGaussian();
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static double cosine(float[] left, float[] right) {
        double product = 0;
        double ofLeft = 0;
        double ofRight = 0;
        for (int i = 0; i < left.length; i++) {
            product += (double) left[i] * right[i];
            ofLeft += (double) left[i] * left[i];
            ofRight += (double) right[i] * right[i];
        }
        return product / Math.sqrt(ofLeft * ofRight);
    }

    @Test
    void theNearestAreThoseOfAFullSortAlsoAfterWritingAndReading() {
        List<float[]> vectors = vectors(500, 37, 1);
        List<String> names = IntStream.range(0, 500)
                .mapToObj(i -> "dir/bild " + i + " ü.jpg")
                .toList();
        Path file = directory.resolve("index.safetensors");
        new EmbeddingIndex(names, vectors, vectors.get(0)).write(file);
        EmbeddingIndex index = EmbeddingIndex.open(file);
        assertThat(index.files()).isEqualTo(names);
        for (float[] query : vectors(20, 37, 2)) {
            List<Integer> expected = IntStream.range(0, 500)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer row) -> -cosine(query, vectors.get(row))))
                    .limit(10)
                    .toList();
            List<Neighbour> nearest = index.nearest(query, 10);
            assertThat(nearest.stream().map(Neighbour::index)).isEqualTo(expected);
            assertThat(nearest.get(0).similarity())
                    .isCloseTo(cosine(query, vectors.get(expected.get(0))), within(1e-6));
        }
        assertThat(index.nearest(vectors.get(3), 1000)).hasSize(500);
    }

    @Test
    void nearDuplicatesAreGroupedAcrossBlocksAndNothingElseIs() {
        List<float[]> vectors = vectors(700, 64, 3);
        float[] close = vectors.get(5).clone();
        close[0] += 0.01f;
        vectors.set(650, close);
        vectors.set(12, vectors.get(11).clone());
        List<String> names = IntStream.range(0, 700).mapToObj(Integer::toString).toList();
        EmbeddingIndex index = new EmbeddingIndex(names, vectors, vectors.get(0));
        assertThat(index.nearDuplicates(0.98)).containsExactlyInAnyOrder(List.of(5, 650), List.of(11, 12));
    }

    @Test
    void anotherModelIsRecognised() {
        List<float[]> vectors = vectors(3, 8, 4);
        EmbeddingIndex index = new EmbeddingIndex(List.of("a", "b", "c"), vectors, vectors.get(0));
        index.requireSameModel(vectors.get(0));
        assertThatThrownBy(() -> index.requireSameModel(vectors.get(1)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("other weights");
    }

    @Test
    void whatIsNoIndexIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no index at all, but long enough to be read");
        List<Path> others = List.of(text, TestFiles.checkpoint("hf_nano").resolve("model.safetensors"));
        for (Path other : others) {
            assertThatThrownBy(() -> EmbeddingIndex.open(other))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining(other.getFileName().toString())
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aMapKeepsGroupsApartAndInsideTheSquare() {
        List<float[]> vectors = vectors(40, 16, 5);
        for (int i = 0; i < 20; i++) {
            vectors.get(i)[3] += 20;
        }
        EmbeddingMap map = EmbeddingMap.of(vectors);
        double gap = Math.abs(map.places().get(0).x() - map.places().get(39).x());
        assertThat(gap).isGreaterThan(0.5);
        assertThat(map.places()).allSatisfy(place -> {
            assertThat(place.x()).isBetween(0.0, 1.0);
            assertThat(place.y()).isBetween(0.0, 1.0);
        });
    }
}
