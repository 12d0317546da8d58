package io.github.hiera4j.api.insight.search;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Embeddings of files, scaled to length 1, with exact search: every one is compared, so the recall is 1. Immutable.
 *
 * <p>On disk it is a safetensors file with {@code embeddings} (float32, a row per file), {@code files} (UTF-8, separated by zero bytes)
 * and {@code probe}, the embedding of a fixed picture, which reveals a query with another model.
 */
public final class EmbeddingIndex {
    /** Maximum number of files of one index. */
    public static final int MOST_FILES = 1_000_000;

    private static final String FORMAT = "hiera4j embedding index 1";
    private static final int BLOCK = 256;

    private final List<String> files;
    private final int dimension;
    private final float[][] rows;
    private final float[] probe;

    /**
     * Creates an index of vectors.
     *
     * @param files the names of the files
     * @param vectors one per file, all of the same length; copied and scaled
     * @param probe the embedding of a fixed picture
     */
    public EmbeddingIndex(List<String> files, List<float[]> vectors, float[] probe) {
        check(!files.isEmpty(), "an index needs at least one file");
        check(files.size() <= MOST_FILES, "an index holds up to %d files, got %d", MOST_FILES, files.size());
        check(files.size() == vectors.size(), "%d files have %d vectors", files.size(), vectors.size());
        this.files = List.copyOf(files);
        dimension = probe.length;
        rows = new float[vectors.size()][];
        for (int row = 0; row < rows.length; row++) {
            float[] vector = vectors.get(row);
            check(
                    vector.length == dimension,
                    "the vectors of an index must have the same length, got %d and %d",
                    dimension,
                    vector.length);
            rows[row] = unit(vector);
        }
        this.probe = unit(probe);
    }

    /**
     * Reads an index.
     *
     * @param file a file written by {@link #write}
     * @return the index
     * @throws io.github.hiera4j.model.HieraException if it is damaged or not an index
     */
    public static EmbeddingIndex open(Path file) {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            check(
                    FORMAT.equals(tensors.metadata().get("format"))
                            && tensors.names().containsAll(List.of("embeddings", "files", "probe")),
                    "%s: is not an index of embeddings: create one with 'hiera search build'",
                    file);
            Shape shape = tensors.info("embeddings").shape();
            Shape names = tensors.info("files").shape();
            Shape probe = tensors.info("probe").shape();
            boolean sound = shape.rank() == 2
                    && names.rank() == 1
                    && probe.rank() == 1
                    && probe.size(0) == shape.size(1)
                    && shape.size(0) <= MOST_FILES
                    && tensors.info("files").dtype() == DType.UINT8
                    && tensors.info("embeddings").dtype() == DType.FLOAT32;
            if (!sound) {
                throw new DamagedFileException(file + ": the index is damaged: rebuild it with 'hiera search build'");
            }
            List<String> files = split(tensors.read("files"));
            HostTensor all = tensors.read("embeddings");
            List<float[]> vectors = IntStream.range(0, shape.size(0))
                    .mapToObj(row -> all.slice(row).toFloats())
                    .toList();
            if (files.size() != vectors.size()) {
                throw new DamagedFileException(
                        file + ": the index is damaged: " + files.size() + " files, " + vectors.size() + " vectors");
            }
            return new EmbeddingIndex(files, vectors, tensors.read("probe").toFloats());
        }
    }

    private static List<String> split(HostTensor bytes) {
        byte[] text = new byte[bytes.elements()];
        bytes.bytes().get(text);
        return List.of(new String(text, StandardCharsets.UTF_8).split("\\u0000", -1));
    }

    /**
     * Writes the index atomically.
     *
     * @param file the file
     */
    public void write(Path file) {
        byte[] names = String.join("\u0000", files).getBytes(StandardCharsets.UTF_8);
        HostTensor embeddings = HostTensor.allocate(DType.FLOAT32, Shape.of(rows.length, dimension));
        for (int row = 0; row < rows.length; row++) {
            embeddings.slice(row).floats().put(rows[row]);
        }
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("embeddings", embeddings);
        tensors.put("files", HostTensor.wrap(DType.UINT8, Shape.of(names.length), ByteBuffer.wrap(names)));
        tensors.put("probe", HostTensor.of(Shape.of(dimension), probe));
        SafetensorsWriter.write(file, new NamedTensors("an index", tensors), Map.of("format", FORMAT));
    }

    /** {@return the names of the files} */
    public List<String> files() {
        return files;
    }

    /** {@return the length of an embedding} */
    public int dimension() {
        return dimension;
    }

    /**
     * Fails unless a model is the one that the index was built with.
     *
     * @param ofModel the model's embedding of the fixed picture
     */
    public void requireSameModel(float[] ofModel) {
        boolean same = ofModel.length == dimension && dot(probe, unit(ofModel)) > 0.999;
        check(same, "the index was built with other weights or another input size: use those, or rebuild it");
    }

    /**
     * Returns the nearest files.
     *
     * @param query an embedding of the index's model
     * @param count number of files, 1 or more
     * @return the nearest first; fewer than requested if the index is smaller
     */
    public List<Neighbour> nearest(float[] query, int count) {
        check(count >= 1, "expected to list at least 1 file, got %d", count);
        check(query.length == dimension, "the index holds embeddings of %d numbers, got %d", dimension, query.length);
        float[] unit = unit(query);
        double[] similarities = new double[rows.length];
        IntStream.range(0, rows.length).parallel().forEach(row -> similarities[row] = dot(unit, rows[row]));
        PriorityQueue<Integer> best = new PriorityQueue<>(
                Comparator.comparingDouble((Integer row) -> similarities[row]).thenComparing(row -> -row));
        for (int row = 0; row < rows.length; row++) {
            best.add(row);
            if (best.size() > count) {
                best.remove();
            }
        }
        List<Neighbour> nearest = new ArrayList<>();
        while (!best.isEmpty()) {
            int row = best.remove();
            nearest.add(0, new Neighbour(row, files.get(row), similarities[row]));
        }
        return nearest;
    }

    /**
     * Returns groups of near-duplicates: two files belong to the same group if they are connected by a chain of pairs with at least the
     * given similarity. Every pair is compared.
     *
     * @param similarity cosine from which two files count as near-duplicates, such as 0.97
     * @return groups of two or more, by their numbers, the largest group first
     */
    public List<List<Integer>> nearDuplicates(double similarity) {
        check(similarity > -1 && similarity <= 1, "a similarity lies between -1 and 1, got %s", similarity);
        int[] parents = IntStream.range(0, rows.length).toArray();
        int blocks = (rows.length + BLOCK - 1) / BLOCK;
        for (int block = 0; block < blocks; block++) {
            int start = block * BLOCK;
            int end = Math.min(rows.length, start + BLOCK);
            List<int[]> pairs = IntStream.range(start, rows.length)
                    .parallel()
                    .mapToObj(row -> partners(row, start, Math.min(end, row), similarity))
                    .flatMap(List::stream)
                    .toList();
            pairs.forEach(pair -> parents[root(parents, pair[0])] = root(parents, pair[1]));
        }
        Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
        for (int row = 0; row < rows.length; row++) {
            groups.computeIfAbsent(root(parents, row), root -> new ArrayList<>())
                    .add(row);
        }
        return groups.values().stream()
                .filter(group -> group.size() > 1)
                .sorted(Comparator.comparingInt((List<Integer> group) -> -group.size()))
                .toList();
    }

    private List<int[]> partners(int row, int start, int end, double similarity) {
        List<int[]> pairs = new ArrayList<>();
        for (int other = start; other < end; other++) {
            if (dot(rows[row], rows[other]) >= similarity) {
                pairs.add(new int[] {row, other});
            }
        }
        return pairs;
    }

    private static int root(int[] parents, int row) {
        int root = row;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }

    /** Accumulates four independent sums, so that the processor does not wait for each addition before the next. */
    private static double dot(float[] left, float[] right) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 3 < left.length; i += 4) {
            first += left[i] * right[i];
            second += left[i + 1] * right[i + 1];
            third += left[i + 2] * right[i + 2];
            fourth += left[i + 3] * right[i + 3];
        }
        double sum = (double) first + second + third + fourth;
        for (; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private static float[] unit(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            check(Float.isFinite(value), "an embedding contains %s: expected finite numbers", value);
            squares += (double) value * value;
        }
        float[] unit = Arrays.copyOf(vector, vector.length);
        double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (unit[i] * scale);
        }
        return unit;
    }
}
