package io.github.hiera4j.train.study;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.ProcessorPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trainings of the paper's two studies at small scale: its ladder (Table 1 with Figure 8) and its ablations (Table 3).
 *
 * <p>Every variant has the same budget: epochs of pretraining and then of training with labels; from scratch the sum of both, so
 * that all see the same number of samples.
 *
 * @param isVideo whether to train on clips; otherwise on pictures
 * @param model the network; see {@link io.github.hiera4j.train.recipe.Models}
 * @param pretrainingEpochs epochs of the autoencoder, from 1
 * @param epochs epochs with labels after pretraining, from 1
 */
public record StudyRecipes(boolean isVideo, String model, int pretrainingEpochs, int epochs) {
    private static final int MOST_EPOCHS = 100_000;

    /**
     * Checks the budget.
     *
     * @param isVideo whether to train on clips
     * @param model the network
     * @param pretrainingEpochs epochs of the autoencoder
     * @param epochs epochs with labels after pretraining
     */
    public StudyRecipes {
        check(
                pretrainingEpochs >= 1 && pretrainingEpochs <= MOST_EPOCHS && epochs >= 1 && epochs <= MOST_EPOCHS,
                "a study needs 1 to %d epochs of pretraining and of training with labels, got %d and %d",
                MOST_EPOCHS,
                pretrainingEpochs,
                epochs);
    }

    /**
     * {@return the rungs of the ladder} Rung 0 has no autoencoder: it is trained only from scratch, as in the paper.
     *
     * @param rungs the rungs, from the start
     */
    public List<StudyVariant> ladder(List<Rung> rungs) {
        return rungs.stream()
                .map(rung -> variant(
                        "rung-" + rung.label(),
                        rung.label(),
                        rung.change(),
                        Map.of("rung", rung.label()),
                        Map.of("rung", rung.label()),
                        rung.separatesUnits()))
                .toList();
    }

    /** {@return Hiera as published and the variants of Table 3: only pretraining differs, and nothing is trained from scratch} */
    public List<StudyVariant> ablations() {
        List<StudyVariant> variants = new ArrayList<>();
        variants.add(ablation("default", "as published", Map.of()));
        variants.add(ablation("fusion-off", "no multi-scale fusion", Map.of("multi_scale_fusion", "false")));
        List<String> ratios = isVideo ? List.of("0.6", "0.9") : List.of("0.5", "0.75");
        for (String ratio : ratios) {
            variants.add(
                    ablation("mask-" + ratio.replace('.', '_'), "mask ratio " + ratio, Map.of("mask_ratio", ratio)));
        }
        variants.add(ablation("pixels", "target: pixels as they are", Map.of("mae_target", "pixels")));
        variants.add(ablation("hog", "target: histograms of gradients", Map.of("mae_target", "hog")));
        variants.add(ablation("drop-path", "drop path 0.2", Map.of("drop_path", "0.2")));
        variants.add(ablation("decoder-2", "decoder of 2 blocks", Map.of("decoder_depth", "2")));
        variants.add(ablation("decoder-4", "decoder of 4 blocks", Map.of("decoder_depth", "4")));
        return List.copyOf(variants);
    }

    private StudyVariant ablation(String key, String change, Map<String, String> settings) {
        StudyVariant whole = variant(key, key, change, settings, Map.of(), true);
        return new StudyVariant(key, key, change, whole.pretraining(), whole.tuning(), Optional.empty());
    }

    private StudyVariant variant(
            String key,
            String label,
            String change,
            Map<String, String> pretraining,
            Map<String, String> tuning,
            boolean hasAutoencoder) {
        Recipe mae = changed(isVideo ? "small-video-mae" : "small-mae", pretraining, pretrainingEpochs);
        Recipe labels = changed(isVideo ? "small-video-finetune" : "small-finetune", tuning, epochs);
        Recipe scratch = labels.with("epochs", String.valueOf(pretrainingEpochs + epochs))
                .with(
                        "layer_decay",
                        "1"); // lower rates for earlier layers would keep random weights from being trained
        return new StudyVariant(
                key,
                label,
                change,
                hasAutoencoder ? Optional.of(mae) : Optional.empty(),
                hasAutoencoder ? Optional.of(labels) : Optional.empty(),
                Optional.of(scratch));
    }

    private Recipe changed(String recipe, Map<String, String> settings, int passes) {
        Recipe changed = ProcessorPrecision.fast(Recipes.named(recipe))
                .with("model", model)
                .with("epochs", String.valueOf(passes))
                .with("evaluate_every", String.valueOf(passes))
                .with("crop_least", "1")
                .with("batch_size", "8") // few samples: more updates of the same budget
                .with("learning_rate", "5e-4") // at 2e-3 most rungs stay at chance, at 2.5e-4 and 5e-4 none does
                .with("keep_checkpoints", "1")
                .with("threads", "1"); // the models are small: more threads would wait for each other
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            changed = changed.with(setting.getKey(), setting.getValue());
        }
        return changed;
    }
}
