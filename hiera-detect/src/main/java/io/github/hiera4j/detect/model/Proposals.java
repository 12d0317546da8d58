package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.BoxDeltas;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.NonMaximumSuppression;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.ProposalRules;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Selects the proposals of an image from the scores and deltas of all anchors. Thread-safe. */
public final class Proposals {
    private final ProposalRules rules;
    private final List<Boxes> anchors = new ArrayList<>();

    /**
     * Creates the anchors for a detector's input size.
     *
     * @param config the settings of the detector
     */
    public Proposals(MaskRcnnConfig config) {
        rules = config.proposals();
        List<Integer> size = config.trunk().inputSize();
        for (int level = 0; level < MaskRcnn.LEVELS; level++) {
            int stride = rules.anchors().strides().get(level);
            int height = (size.get(0) + stride - 1) / stride;
            int width = (size.get(1) + stride - 1) / stride;
            anchors.add(rules.anchors().grid(level, height, width, size.get(0), size.get(1)));
        }
    }

    /**
     * {@return the anchors of a level, ordered by y, x, ratio}
     *
     * @param level index of the level, 0 for the finest
     */
    public Boxes anchors(int level) {
        return anchors.get(level);
    }

    /**
     * Returns the anchors of all levels, one after another.
     *
     * @return the anchors
     */
    public Boxes allAnchors() {
        double[] corners = new double[4 * anchors.stream().mapToInt(Boxes::size).sum()];
        int at = 0;
        for (Boxes level : anchors) {
            double[] part = level.toArray();
            System.arraycopy(part, 0, corners, at, part.length);
            at += part.length;
        }
        return Boxes.of(corners);
    }

    /**
     * {@return the proposals of an image}
     *
     * @param outputs {@link MaskRcnn#logits} and {@link MaskRcnn#deltas} of all levels
     * @param picture the image in the batch, from 0
     * @param height height of the image without padding
     * @param width width of the image without padding
     * @param training whether to use the counts for training
     */
    public ScoredBoxes select(
            Map<String, HostTensor> outputs, int picture, double height, double width, boolean training) {
        Candidates all = new Candidates();
        for (int level = 0; level < MaskRcnn.LEVELS; level++) {
            HostTensor logits = Objects.requireNonNull(outputs.get(MaskRcnn.logits(level)));
            HostTensor deltas = Objects.requireNonNull(outputs.get(MaskRcnn.deltas(level)));
            add(all, level, logits.slice(picture), deltas.slice(picture), height, width, training);
        }
        double[] scores = all.scores();
        int[] levels = all.levels();
        int[] kept = NonMaximumSuppression.keep(all.boxes(), scores, levels, rules.suppression());
        int most = training ? rules.proposalsTraining() : rules.proposalsTest();
        int[] best = Arrays.copyOf(kept, Math.min(kept.length, most));
        return new ScoredBoxes(
                all.boxes().select(best),
                Arrays.stream(best).mapToDouble(i -> scores[i]).toArray(),
                Arrays.stream(best).map(i -> levels[i]).toArray());
    }

    private void add(
            Candidates all,
            int level,
            HostTensor logits,
            HostTensor deltas,
            double height,
            double width,
            boolean training) {
        double[] scores = logits.toDoubles();
        int[] best = BestScores.positions(scores, training ? rules.candidatesTraining() : rules.candidatesTest());
        double[] chosen = new double[4 * best.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = deltas.get(4 * best[i / 4] + i % 4);
        }
        double[] ranks = new double[best.length];
        for (int i = 0; i < best.length; i++) {
            ranks[i] = rank(scores[best[i]], logits.dtype());
        }
        Boxes decoded = BoxDeltas.PROPOSALS
                .decode(chosen, anchors.get(level).select(best))
                .clip(height, width);
        for (int i = 0; i < best.length; i++) {
            boolean usable = decoded.isFinite(i)
                    && Double.isFinite(scores[best[i]])
                    && probability(scores[best[i]]) >= rules.smallestScore()
                    && isLarge(decoded.width(i))
                    && isLarge(decoded.height(i));
            if (usable) {
                all.add(decoded.corners(i), ranks[i], level);
            }
        }
    }

    /** Returns the value by which proposals are ordered; probabilities near 1 are equal if they are in the engine's precision. */
    private double rank(double logit, DType type) {
        if (!rules.rankedByProbability()) {
            return logit;
        }
        return type == DType.FLOAT64 ? probability(logit) : (float) probability(logit);
    }

    private static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    private boolean isLarge(double side) {
        return side > 0 && side >= rules.smallestSide();
    }

    /** A growing list of scored boxes. */
    private static final class Candidates {
        private final List<double[]> corners = new ArrayList<>();
        private final List<Double> scores = new ArrayList<>();
        private final List<Integer> levels = new ArrayList<>();

        void add(double[] box, double score, int level) {
            corners.add(box);
            scores.add(score);
            levels.add(level);
        }

        Boxes boxes() {
            return Boxes.ofRows(corners.toArray(double[][]::new));
        }

        double[] scores() {
            return scores.stream().mapToDouble(Double::doubleValue).toArray();
        }

        int[] levels() {
            return IntStream.range(0, levels.size()).map(levels::get).toArray();
        }
    }
}
