package io.github.hiera4j.detect.action;

import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.EvaluationMethod;
import io.github.hiera4j.train.evaluate.Evaluator;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.Trainer;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Trains an action model through the training library.
 *
 * <pre>{@code
 * Trainer.Result result = ActionTraining.trainer(Recipes.named("ava-large"), AvaDataset.open(Path.of("ava")))
 *         .start(Path.of("hiera_large_16x224.pth"))
 *         .out(Path.of("runs/ava"))
 *         .run();
 * }</pre>
 */
public final class ActionTraining {
    private ActionTraining() {}

    /**
     * {@return a trainer for a recipe on a data set; the caller must set {@link Trainer#out}}
     *
     * @param recipe all settings of the training
     * @param data the data set
     */
    public static Trainer trainer(Recipe recipe, AvaDataset data) {
        ActionObjective objective = new ActionObjective(recipe, data);
        return Trainer.of(recipe)
                .data(data.samples(), data.root())
                .objective(objective)
                .augmentation(ActionTransform.training(recipe, objective.encoder()))
                .evaluation(new KeyFrames(recipe, objective));
    }

    /**
     * Evaluates the centre of every validation key frame once.
     *
     * @param recipe provides the batch size and the frame stride
     * @param objective provides the network and the measurement
     */
    private record KeyFrames(Recipe recipe, ActionObjective objective) implements EvaluationMethod {
        @Override
        public Optional<Measurement> evaluate(
                FrozenWeights weights, SampleSource validation, BatchLoader loader, BooleanSupplier stop) {
            HieraConfig model = objective.encoder();
            BatchLoader.Plan plan = new BatchLoader.Plan(
                    validation,
                    ActionTransform.test(recipe, model),
                    (position, random) -> duration -> new Clip(
                            0,
                            recipe.data().frameStride() / ClipSampler.TRAINING_FRAME_RATE,
                            model.inputSize().get(0)),
                    sampleShape(model),
                    recipe.data().batchSize(),
                    false);
            int[] order = IntStream.range(0, validation.size()).toArray();
            return Evaluator.measure(weights, plan, order, objective.measurement(), loader, stop);
        }
    }

    private static Shape sampleShape(HieraConfig model) {
        int[] sizes = IntStream.concat(
                        IntStream.of(model.inChans()),
                        model.inputSize().stream().mapToInt(Integer::intValue))
                .toArray();
        return Shape.of(sizes);
    }
}
