package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.BaselineName;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.Spelling;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The published recipes (paper, tables of the appendix; layer ids and random erasing as in the author's training branch), and
 * small ones for small data. A row lists the differences from the row it is derived from.
 */
public final class Recipes {
    private static final Map<String, Recipe> TABLE = new LinkedHashMap<>();

    private static final String PHOTOS = "photos-finetune";

    /** Smallest side, in pixels, of a model that is fine-tuned with the recipe for photos. */
    private static final int LARGE_INPUT = 128;

    /**
     * All recipes derive from this one. A setting that is added here gets the value that does not change training: checkpoints without
     * the setting are read as if they had this value.
     */
    static final Recipe BASE;

    static {
        Recipe base = RecipeSettings.parse(settings("""
                task=mae model=hiera_base_224 input_size=published position_rate=0 epochs=400 batch_size=64 accumulation=1 reference_batch=4096
                learning_rate=8e-4 min_learning_rate=0 schedule=cosine warmup_epochs=40
                optimizer=adamw beta1=0.9 beta2=0.95 momentum=0.9 weight_decay=0.05 layer_decay=1 clip_norm=0
                average_decay=0 drop_path=0.2 head_dropout=0 mask_ratio=0.6
                rung=f decoder_depth=0 multi_scale_fusion=true mae_target=normalised_pixels
                smoothing=0 mixup=0 cutmix=0 mix_probability=0 switch_probability=0.5 mix_mode=batch jitter_least=0.1 jitter_most=2
                rand_augment_operations=0 rand_augment_magnitude=9 rand_augment_deviation=0.5 erasing=0
                crop_least=0.2 crop_most=1 flip=0.5 repeats=1 interpolation=bicubic normalisation=imagenet
                test_share=0.875 frame_stride=4 test_clips=1 test_crops=1
                precision=bfloat16 gradient_checkpointing=false workers=4 threads=0 device=cpu seed=0
                cache_megabytes=0 checkpoint_steps=0 checkpoint_minutes=10 keep_checkpoints=2 evaluate_every=1
                patience=0 gradient_exchange=float32 shuffle_buffer=0 shard_optimizer=false
                """));
        BASE = base;

        // ImageNet, masked autoencoder: sizes differ only in drop path.
        row("in1k-mae", base, "");
        row("in1k-mae-tiny", base, "model=hiera_tiny_224 drop_path=0");
        row("in1k-mae-small", base, "model=hiera_small_224 drop_path=0");
        row("in1k-mae-base", base, "");
        row("in1k-mae-base-plus", base, "model=hiera_base_plus_224");
        row("in1k-mae-large", base, "model=hiera_large_224");
        row("in1k-mae-huge", base, "model=hiera_huge_224 drop_path=0.3");

        // ImageNet, fine-tuning.
        Recipe tune = changed(base, """
                task=classify epochs=100 reference_batch=1024 learning_rate=2e-3 warmup_epochs=5 beta2=0.999
                drop_path=0.1 layer_decay=0.7 smoothing=0.1 mixup=0.8 cutmix=1 mix_probability=1
                rand_augment_operations=2 erasing=0.25 crop_least=0.08
                """);
        row("in1k-finetune", tune, "");
        row("in1k-finetune-tiny", tune, "model=hiera_tiny_224 epochs=300 layer_decay=0.65");
        row("in1k-finetune-small", tune, "model=hiera_small_224 epochs=200 layer_decay=0.65");
        row("in1k-finetune-base", tune, "");
        row("in1k-finetune-base-plus", tune, "model=hiera_base_plus_224 learning_rate=1e-3");
        row("in1k-finetune-large", tune, "model=hiera_large_224 learning_rate=1e-3 epochs=50 layer_decay=0.85");
        row(
                "in1k-finetune-huge",
                tune,
                "model=hiera_huge_224 learning_rate=1e-3 epochs=50 layer_decay=0.85 drop_path=0.3");

        // iNaturalist and Places at 448 pixels. The paper states neither rate nor epochs, and ranges for the rest.
        row(
                "inat-finetune-huge-448",
                tune,
                "model=hiera_huge_224 input_size=448 position_rate=0.5 learning_rate=1e-3 epochs=50 layer_decay=0.9"
                        + " drop_path=0.3 head_dropout=0.2");

        // iNaturalist 2017, 2018, 2019 and Places365 at 224 pixels: layer decay, drop path and dropout within the
        // paper's ranges.
        for (String data : List.of("inat", "places365")) {
            String ranges = " learning_rate=1e-3 layer_decay=0.9 drop_path=0.2 head_dropout=0.2";
            row(data + "-finetune-base", tune, "model=hiera_base_224" + ranges);
            row(data + "-finetune-base-plus", tune, "model=hiera_base_plus_224" + ranges);
            row(data + "-finetune-large", tune, "model=hiera_large_224 epochs=50" + ranges);
            row(data + "-finetune-huge", tune, "model=hiera_huge_224 epochs=50" + ranges);
        }

        // A user's own photos, from ImageNet weights: few epochs, moderate augmentation, no mixing.
        row(PHOTOS, tune, """
                epochs=30 batch_size=16 reference_batch=64 learning_rate=5e-4 warmup_epochs=2 layer_decay=0.75
                mixup=0 cutmix=0 mix_probability=0 erasing=0 crop_least=0.35 workers=2 cache_megabytes=2048
                """);

        // Kinetics-400, masked autoencoder; 800 epochs count four repeats each.
        Recipe video = changed(base, """
                model=hiera_base_16x224 epochs=800 batch_size=8 reference_batch=512 warmup_epochs=120 mask_ratio=0.9
                drop_path=0.1 crop_least=0.5 repeats=4 interpolation=bilinear normalisation=kinetics test_share=0.875
                """);
        row("k400-mae", video, "");
        row("k400-mae-base", video, "");
        row("k400-mae-base-plus", video, "model=hiera_base_plus_16x224 drop_path=0.2");
        row("k400-mae-large", video, "model=hiera_large_16x224 drop_path=0.2");
        row("k400-mae-huge", video, "model=hiera_huge_16x224 drop_path=0.4 learning_rate=3.2e-4 epochs=3200");

        // Kinetics-400, fine-tuning.
        Recipe videoTune = changed(video, """
                task=classify epochs=150 reference_batch=256 warmup_epochs=10 beta2=0.999 repeats=2 clip_norm=5
                rand_augment_operations=2 rand_augment_magnitude=7 mixup=0.8 cutmix=1 mix_probability=1 smoothing=0.1
                drop_path=0.2 head_dropout=0.3 layer_decay=0.8 crop_least=0.08 test_clips=5 test_crops=3
                """);
        row("k400-finetune", videoTune, "");
        row("k400-finetune-base", videoTune, "");
        row("k400-finetune-base-plus", videoTune, "model=hiera_base_plus_16x224");
        row("k400-finetune-large", videoTune, "model=hiera_large_16x224 epochs=100 head_dropout=0.5 layer_decay=0.875");
        row(
                "k400-finetune-huge",
                videoTune,
                "model=hiera_huge_16x224 epochs=100 head_dropout=0.5 layer_decay=0.875 drop_path=0.3"
                        + " learning_rate=4e-4");

        // Kinetics-600 and 700: trained like Kinetics-400.
        for (String data : List.of("k600", "k700")) {
            row(data + "-finetune-large", named("k400-finetune-large"), "");
            row(data + "-finetune-huge", named("k400-finetune-huge"), "");
        }

        // Something-Something v2, large.
        row(
                "ssv2-mae",
                video,
                "model=hiera_large_16x224 drop_path=0.2 reference_batch=1024 epochs=1600 warmup_epochs=30"
                        + " clip_norm=0.02 flip=0");
        row(
                "ssv2-finetune",
                videoTune,
                "model=hiera_large_16x224 optimizer=sgd weight_decay=1e-4 learning_rate=0.16 warmup_epochs=3 epochs=40"
                        + " drop_path=0.1 head_dropout=0.5 layer_decay=0.875 flip=0 clip_norm=0 test_clips=1");

        row(
                "ssv2-finetune-32",
                named("ssv2-finetune"),
                "input_size=32x224x224 reference_batch=128 batch_size=4 learning_rate=0.08 drop_path=0.2 mixup=0 cutmix=0"
                        + " mix_probability=0 smoothing=0");

        // AVA: from a fine-tuned Kinetics model. The paper states rate, schedule, decay and dropout; momentum, crops
        // and
        // mirroring are those of the framework that it names.
        Recipe ava = changed(video, """
                task=actions model=hiera_large_16x224 optimizer=sgd epochs=30 warmup_epochs=5 learning_rate=3.6
                reference_batch=128 weight_decay=1e-8 layer_decay=0.875 drop_path=0.4 head_dropout=0.5 repeats=1
                crop_least=0.49 crop_most=0.765625 test_share=1
                """);
        row("ava-large", ava, "");
        row("ava-huge", ava, "model=hiera_huge_16x224");

        // COCO, Mask R-CNN (table 15); precision and workers are not stated. Start from the autoencoder's weights.
        Recipe coco = changed(base, """
                task=detect epochs=100 reference_batch=0 batch_size=64 learning_rate=3.5e-5 schedule=step warmup_epochs=0.1355
                beta2=0.999 weight_decay=0.1 input_size=1024 precision=float32 interpolation=bilinear test_share=1
                gradient_checkpointing=true evaluate_every=10
                """);
        row("coco-maskrcnn-base", coco, "");
        row("coco-maskrcnn-base-plus", coco, "model=hiera_base_plus_224");
        row("coco-maskrcnn-large", coco, "model=hiera_large_224 learning_rate=3e-5 drop_path=0.4");

        // Small pictures and short clips on a desktop processor.
        Recipe small = changed(base, """
                model=hiera_quick_64 epochs=20 batch_size=32 reference_batch=0 learning_rate=2e-3 warmup_epochs=1
                drop_path=0 crop_least=0.8 interpolation=bilinear test_share=1 workers=1 cache_megabytes=1024
                """);
        row("small-mae", small, "");
        Recipe smallTune =
                changed(small, "task=classify beta2=0.98 layer_decay=0.9 clip_norm=1 crop_least=0.9 warmup_epochs=0.5");
        row("small-finetune", smallTune, "");
        row(
                "small-maskrcnn-mae",
                small,
                "model=hiera_quick_96 epochs=8 crop_least=1 precision=float32 warmup_epochs=0.5 batch_size=16");
        row("small-maskrcnn", coco, """
                model=hiera_quick_96 input_size=published epochs=4 batch_size=2 learning_rate=1e-3 warmup_epochs=0.1
                schedule=cosine beta2=0.98 weight_decay=0.05 drop_path=0 clip_norm=1 jitter_least=1 jitter_most=1 workers=1
                cache_megabytes=1024 gradient_checkpointing=false evaluate_every=1
                """);
        String clips = "model=hiera_quick_8x32 frame_stride=2 flip=0 normalisation=kinetics";
        row("small-video-mae", changed(small, clips), "mask_ratio=0.75");
        row("small-video-finetune", changed(smallTune, clips), "batch_size=16 learning_rate=8e-4");
        row(
                "small-actions",
                changed(smallTune, clips),
                "task=actions input_size=8x64x64 epochs=12 batch_size=16 learning_rate=1e-3 layer_decay=1 crop_least=1");
    }

    private Recipes() {}

    /**
     * {@return the default recipe for fine-tuning weights: {@code photos-finetune} for a published image model, {@code
     * k400-finetune} for a published video model, a small one for a small model; each with that model} Empty for any other.
     *
     * @param encoder the settings of the weights' encoder
     */
    public static Optional<Recipe> forWeights(HieraConfig encoder) {
        return Models.nameOf(encoder).map(model -> {
            boolean small = HieraVariant.find(model).isEmpty();
            return named(forTuning(small, encoder.isVideo())).with("model", model);
        });
    }

    /**
     * {@return the recipe for fine-tuning a model's weights: that of {@link #forWeights(HieraConfig)}, on the same rung of the ladder; for
     * ViT and MViTv2 a recipe chosen by the input size} Empty for any other.
     *
     * @param trained the model of the weights
     */
    public static Optional<Recipe> forModel(ModelConfig trained) {
        Optional<String> other = BaselineName.of(trained);
        if (other.isPresent()) {
            HieraConfig encoder = trained.encoder();
            boolean small = encoder.inputSize().get(encoder.axes() - 1) < LARGE_INPUT;
            Recipe recipe = named(forTuning(small, encoder.isVideo())).with("model", other.get());
            return Optional.of(trained instanceof MViTv2Config ? recipe : recipe.with("head_dropout", "0"));
        }
        return forWeights(trained.encoder())
                .map(recipe -> LadderConfig.rungOf(trained)
                        .map(rung -> recipe.with("rung", rung.label()))
                        .orElse(recipe));
    }

    private static String forTuning(boolean small, boolean isVideo) {
        return small ? (isVideo ? "small-video-finetune" : "small-finetune") : (isVideo ? "k400-finetune" : PHOTOS);
    }

    /**
     * {@return the name of the row that a recipe derives from: the one with the fewest differing settings}
     *
     * @param recipe all settings of the training
     */
    public static String nameOf(Recipe recipe) {
        Map<String, String> settings = RecipeSettings.of(recipe);
        return TABLE.entrySet().stream()
                .min(Comparator.comparingLong(row -> RecipeSettings.of(row.getValue()).entrySet().stream()
                        .filter(setting -> !setting.getValue().equals(settings.get(setting.getKey())))
                        .count()))
                .orElseThrow()
                .getKey();
    }

    /** {@return every recipe's name, in the order of the table} */
    public static List<String> names() {
        return List.copyOf(TABLE.keySet());
    }

    /**
     * {@return a recipe; throws a {@code HieraException} that suggests the nearest name}
     *
     * @param name the name
     */
    public static Recipe named(String name) {
        Recipe recipe = TABLE.get(name);
        check(
                recipe != null,
                "unknown recipe '%s'%s; hiera recipe list shows all",
                Printable.of(name),
                Spelling.suggestion(name, TABLE.keySet()));
        return java.util.Objects.requireNonNull(recipe);
    }

    private static void row(String name, Recipe derivedFrom, String differences) {
        TABLE.put(name, changed(derivedFrom, differences));
    }

    private static Recipe changed(Recipe recipe, String differences) {
        Recipe result = recipe;
        for (Map.Entry<String, String> setting : settings(differences).entrySet()) {
            result = result.with(setting.getKey(), setting.getValue());
        }
        return result;
    }

    private static Map<String, String> settings(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String assignment : text.strip().split("\\s+")) {
            if (!assignment.isEmpty()) {
                int equals = assignment.indexOf('=');
                settings.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return settings;
    }
}
