package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.coco.LargeScaleJitter;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.torch.train.ParameterGroup;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.EvaluationMethod;
import io.github.hiera4j.train.evaluate.Evaluator;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.optimize.LayerDecay;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Trains a detector through the training library.
 *
 * <pre>{@code
 * CocoData data = CocoData.open(Path.of("coco"));
 * Recipe recipe = Recipes.named("coco-maskrcnn-base");
 * DetectObjective objective = new DetectObjective(recipe, data);
 * try (WeightSource start = DetectorStart.open(objective, Path.of("mae_hiera_base_224.pth"), 0)) {
 *     DetectTraining.trainer(recipe, data, objective).start(start).out(Path.of("runs/coco")).run();
 * }
 * }</pre>
 */
public final class DetectTraining {
    private DetectTraining() {}

    /**
     * {@return a trainer for a recipe on a data set; the caller must set {@link Trainer#out}}
     *
     * @param recipe all settings of the training
     * @param data the data set
     * @param objective the objective to train
     */
    public static Trainer trainer(Recipe recipe, CocoData data, DetectObjective objective) {
        PictureInput input =
                new PictureInput(objective.detector(), objective.description().normalisation());
        int side = objective.detector().input().longest();
        LargeScaleJitter jitter = new LargeScaleJitter(
                side, recipe.augmentation().jitterLeast(), recipe.augmentation().jitterMost());
        return Trainer.of(recipe)
                .data(data.dataset(), data.root())
                .objective(objective)
                .augmentation(new JitterTransform(jitter, recipe.augmentation().flip(), input))
                .grouping(parameters -> groups(recipe, objective, parameters))
                .evaluation(new WholePictures(recipe, objective, input));
    }

    /** Returns whether a weight decays; as in Detectron2, only the trunk's norms and position embeddings do not. */
    private static List<ParameterGroup> groups(
            Recipe recipe, DetectObjective objective, Map<String, Shape> parameters) {
        List<ParameterGroup> groups = new ArrayList<>();
        for (ParameterGroup group : LayerDecay.groups(
                parameters,
                objective.detector().trunk().depth(),
                recipe.optimisation().layerDecay(),
                recipe.optimisation().weightDecay(),
                recipe.optimisation().positionRate())) {
            for (boolean decays : new boolean[] {true, false}) {
                List<String> names = group.parameters().stream()
                        .filter(name -> decays(name) == decays)
                        .toList();
                if (!names.isEmpty()) {
                    double decay = decays ? recipe.optimisation().weightDecay() : 0;
                    groups.add(new ParameterGroup(names, group.learningRateScale(), decay));
                }
            }
        }
        return List.copyOf(groups);
    }

    private static boolean decays(String name) {
        boolean trunkNorm = (name.startsWith("blocks.") || name.startsWith("scale")) && name.contains("norm");
        return !trunkNorm && !name.startsWith("pos_embed");
    }

    /**
     * Evaluates every validation image once, uncropped.
     *
     * @param recipe provides the batch size
     * @param objective provides the network and the measurement
     * @param input preprocesses images
     */
    private record WholePictures(Recipe recipe, DetectObjective objective, PictureInput input)
            implements EvaluationMethod {
        @Override
        public Optional<Measurement> evaluate(
                FrozenWeights weights, SampleSource validation, BatchLoader loader, BooleanSupplier stop) {
            List<Integer> size = objective.detector().trunk().inputSize();
            BatchLoader.Plan plan = new BatchLoader.Plan(
                    validation,
                    new TestTransform(input),
                    (position, random) -> ClipChoice.uniform(ClipSampler.middle(1, 1), 0),
                    Shape.of(3, size.get(0), size.get(1)),
                    recipe.data().batchSize(),
                    false);
            int[] order = IntStream.range(0, validation.size()).toArray();
            return Evaluator.measure(weights, plan, order, objective.measurement(), loader, stop);
        }
    }
}
