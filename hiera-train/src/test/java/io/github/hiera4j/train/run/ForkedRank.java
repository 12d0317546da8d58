package io.github.hiera4j.train.run;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.torch.distributed.DataParallel;
import io.github.hiera4j.torch.distributed.LostProcessException;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.distributed.ProcessPlace;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.BatchRows;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleTransform;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of several processes that train together. Its arguments are {@code losses STEPS}, {@code disagree DIRECTORY} or
 * {@code DIRECTORY EPOCHS STEP_MILLISECONDS [sharded]}.
 */
final class ForkedRank {
    private static final int BATCH = 8;

    private ForkedRank() {}

    public static void main(String[] arguments) {
        try (ProcessGroup group =
                ProcessGroup.join(ProcessPlace.of(System.getenv()).orElseThrow())) {
            if (arguments[0].equals("disagree")) {
                disagree(Path.of(arguments[1]), group);
            } else if (arguments[0].equals("losses")) {
                for (Recipe recipe : List.of(supervised(), autoencoder())) {
                    for (boolean sharded : new boolean[] {false, true}) {
                        Recipe chosen = recipe.with("shard_optimizer", String.valueOf(sharded));
                        losses(chosen, group, 20_000, Integer.parseInt(arguments[1]))
                                .forEach(loss -> System.out.println((sharded ? "sharded " : "loss ") + loss));
                    }
                    losses(recipe.with("gradient_exchange", "bfloat16"), group, 20_000, 4)
                            .forEach(loss -> System.out.println("rounded " + loss));
                }
            } else {
                boolean done = train(
                                Path.of(arguments[0]),
                                Integer.parseInt(arguments[1]),
                                Long.parseLong(arguments[2]),
                                arguments.length > 3,
                                group)
                        .complete();
                System.out.println("complete " + done);
            }
        } catch (LostProcessException failure) {
            System.out.println(failure.getMessage());
            Runtime.getRuntime().halt(3);
        } catch (RuntimeException failure) {
            System.out.println(failure.getMessage());
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Returns a recipe with all kinds of random operations, with the batch of all processes together. */
    static Recipe supervised() {
        return Recipes.named("small-finetune")
                .with("model", "hiera_nano_64")
                .with("precision", "float32")
                .with("batch_size", String.valueOf(BATCH))
                .with("threads", "1")
                .with("drop_path", "0.2")
                .with("head_dropout", "0.1")
                .with("mixup", "0.8")
                .with("cutmix", "1")
                .with("mix_probability", "1")
                .with("mix_mode", "pair")
                .with("warmup_epochs", "1")
                .with("clip_norm", "1");
    }

    static Recipe autoencoder() {
        return Recipes.named("small-mae")
                .with("model", "hiera_nano_64")
                .with("precision", "float32")
                .with("batch_size", String.valueOf(BATCH))
                .with("threads", "1")
                .with("drop_path", "0.2")
                .with("warmup_epochs", "1")
                .with("accumulation", "2");
    }

    private static Objective objective(Recipe recipe) {
        return recipe.task() == Recipe.Task.MAE
                ? new MaeObjective(recipe.model())
                : new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), 2);
    }

    /** Returns the loss of every step. Buckets are small, so that there are many. */
    static List<Double> losses(Recipe recipe, ProcessGroup group, long bucket, int steps) {
        Objective objective = objective(recipe);
        TrainingMethod method = TrainingMethod.of(recipe, objective);
        int samples = steps * BATCH * recipe.optimisation().accumulation();
        BatchLoader.Plan plan = BatchPlans.training(
                        recipe.data(),
                        objective.encoder(),
                        TinyData.of(samples, 7).train(),
                        method.augmentation())
                .withRows(total -> new BatchRows(group.share().mirroredRows(total / group.size()), total));
        List<Double> losses = new ArrayList<>();
        try (TorchTrainer trainer = new TorchTrainer(
                        objective.graph(),
                        method.grouping().groups(objective.graph().parameters()),
                        recipe.optimisation().optimizerSettings(),
                        Initialization.of(objective.config(), 0),
                        TorchTrainer.Options.DEFAULT,
                        new DataParallel(
                                group,
                                recipe.run().gradientExchange().equals("bfloat16"),
                                bucket,
                                recipe.run().shardOptimizer()));
                BatchLoader loader = new BatchLoader(1);
                BatchLoader.Batches batches = loader.epoch(plan, EpochOrder.shuffled(samples, 1, 3, 0), 3, 0, 0)) {
            TrainingStep step = new TrainingStep(
                    trainer,
                    objective,
                    recipe.optimisation(),
                    method.schedule().plan(steps, steps),
                    3,
                    Optional::empty,
                    group);
            for (int number = 0; number < steps; number++) {
                losses.add(step.take(batches, number).loss());
            }
            System.out.println("optimizer bytes " + trainer.optimizerBytes() + " of " + trainer.parameterCount());
        }
        return losses;
    }

    /** Performs a whole run, continuing from a checkpoint if there is one. */
    static TrainingRun.Outcome train(Path out, int epochs, long pause, boolean sharded, ProcessGroup group) {
        Recipe whole = ForkedTraining.recipe()
                .with("batch_size", "4")
                .with("shuffle_buffer", "5")
                .with("shard_optimizer", String.valueOf(sharded))
                .with("epochs", String.valueOf(epochs));
        boolean resumes = !RunDirectory.ofOther(out).checkpoints().isEmpty();
        return Trainer.of(whole.perProcess(group.size()))
                .data(TinyData.of(48, 5))
                .out(out)
                .existing(resumes ? Trainer.Existing.RESUME : Trainer.Existing.REFUSE)
                .progress(new Progress() {
                    @Override
                    public void note(String text) {
                        System.out.println(text);
                    }
                })
                .augmentation(slowed(whole, pause))
                .trace(sharded ? 2 : 0)
                .processes(group)
                .run()
                .outcome();
    }

    /** Runs trainings that cannot start, because rank 1 has no data, different data, or a different setting. */
    private static void disagree(Path out, ProcessGroup group) {
        Recipe recipe = ForkedTraining.recipe().with("batch_size", "2");
        Trainer none = Trainer.of(recipe);
        refused(group.isFirst() ? none.data(TinyData.of(8)) : none.data(out.resolve("nowhere")), out, group);
        refused(Trainer.of(recipe).data(TinyData.of(group.isFirst() ? 8 : 12)), out, group);
        Recipe other = group.isFirst() ? recipe : recipe.with("flip", "0").with("workers", "3");
        refused(Trainer.of(other).data(TinyData.of(8)), out, group);
    }

    private static void refused(Trainer trainer, Path out, ProcessGroup group) {
        try {
            trainer.out(out).processes(group).run();
        } catch (HieraException refusal) {
            System.out.println("refused: " + refusal.getMessage());
        }
    }

    private static SampleTransform slowed(Recipe recipe, long pause) {
        var usual = BatchPlans.augmentation(
                recipe.data(), recipe.augmentation(), objective(recipe).encoder());
        return pause == 0
                ? usual
                : (frames, target, offset, random) -> {
                    try {
                        Thread.sleep(pause);
                    } catch (InterruptedException interrupt) {
                        Thread.currentThread().interrupt();
                    }
                    usual.write(frames, target, offset, random);
                };
    }
}
