package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.BaselineName;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.Spelling;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The models that recipes can name: the published ones, and small ones whose training takes minutes. */
public final class Models {
    private static final Map<String, MaeConfig> SMALL = new LinkedHashMap<>();

    static {
        HieraConfig picture = HieraConfig.image()
                .inputSize(List.of(64, 64))
                .embedDim(48)
                .numHeads(1)
                .stages(List.of(1, 2, 3))
                .qPool(2)
                .maskUnitSize(List.of(4, 4))
                .maskUnitAttn(List.of(true, true, false))
                .build();
        SMALL.put("hiera_quick_64", around(picture, 96, 1, 4));
        SMALL.put(
                "hiera_nano_64",
                around(picture.toBuilder().embedDim(8).stages(List.of(1, 1, 1)).build(), 16, 1, 2));
        HieraConfig smallPicture =
                picture.toBuilder().embedDim(24).stages(List.of(1, 1, 2)).build();
        SMALL.put("hiera_micro_64", around(smallPicture, 48, 1, 2));
        HieraConfig scene = HieraConfig.image()
                .inputSize(List.of(96, 96))
                .embedDim(32)
                .numHeads(1)
                .stages(List.of(1, 1, 3, 1))
                .qPool(3)
                .build();
        SMALL.put("hiera_quick_96", around(scene, 96, 1, 4));
        HieraConfig clip = HieraConfig.video()
                .inputSize(List.of(8, 32, 32))
                .embedDim(48)
                .numHeads(1)
                .stages(List.of(1, 2, 3))
                .qPool(2)
                .maskUnitSize(List.of(1, 4, 4))
                .maskUnitAttn(List.of(true, true, false))
                .build();
        SMALL.put("hiera_quick_8x32", around(clip, 96, 1, 4));
        HieraConfig smallClip =
                clip.toBuilder().embedDim(24).stages(List.of(1, 1, 2)).build();
        SMALL.put("hiera_micro_8x32", around(smallClip, 48, 1, 2));
    }

    /** Value for a model's published input size. */
    static final String PUBLISHED = "published";

    private static final Pattern SIZE = Pattern.compile("\\d{1,5}(x\\d{1,5}){0,2}");

    private Models() {}

    /**
     * {@return the encoder that a recipe trains, at the recipe's size}
     *
     * @param model the recipe's settings of the model
     */
    public static HieraConfig encoder(ModelSettings model) {
        return sized(encoder(model.name()), model.inputSize());
    }

    /**
     * {@return the autoencoder that a recipe trains, at the recipe's size and with its drop path}
     *
     * @param model the recipe's settings of the model
     */
    public static MaeConfig autoencoder(ModelSettings model) {
        MaeConfig config = autoencoder(model.name(), model.dropPath());
        MaeConfig sized = config.withEncoder(sized(config.encoder(), model.inputSize()))
                .withFusion(model.multiScaleFusion())
                .withTarget(model.maeTarget());
        return model.decoderDepth() == 0 ? sized : sized.withDecoderDepth(model.decoderDepth());
    }

    /**
     * {@return whether a model is one of the small ones, whose training takes minutes}
     *
     * @param name the name in a recipe
     */
    public static boolean isSmall(String name) {
        return SMALL.containsKey(name);
    }

    static void checkSize(String size) {
        check(
                size.equals(PUBLISHED) || SIZE.matcher(size).matches(),
                "input_size must be 'published', a side such as 448, sides such as 256x320, or frames and sides such as 8x224x224");
    }

    /** Returns a model at another size: one number is both sides; of three, the first is the number of frames. */
    private static HieraConfig sized(HieraConfig model, String size) {
        if (size.equals(PUBLISHED)) {
            return model;
        }
        List<Integer> sides = new ArrayList<>(
                Arrays.stream(size.split("x", -1)).map(Integer::valueOf).toList());
        if (sides.size() == 1) {
            sides.add(sides.get(0));
        }
        if (sides.size() < model.axes()) {
            sides.add(0, model.inputSize().get(0));
        }
        return model.resized(sides);
    }

    /**
     * {@return the encoder of a model with its published or no head}
     *
     * @param name the name
     */
    public static HieraConfig encoder(String name) {
        MaeConfig small = SMALL.get(name);
        if (small != null) {
            return small.encoder().toBuilder()
                    .qPool(small.encoder().stages().size() - 1)
                    .build();
        }
        return HieraVariant.find(name).map(HieraVariant::config).orElseThrow(() -> {
            List<String> names = new ArrayList<>(SMALL.keySet());
            Arrays.stream(HieraVariant.values()).map(HieraVariant::officialName).forEach(names::add);
            Optional<BaselineModel> other = BaselineName.find(name, 1);
            return new HieraException(
                    other.isPresent()
                            ? "model " + name + " is " + other.get().architecture() + ": this needs a Hiera"
                            : "unknown model '" + Printable.of(name) + "'" + Spelling.suggestion(name, names)
                                    + "; there are " + String.join(", ", names)
                                    + ", and for classification those of ViT and MViTv2, such as vit_base_patch16_224");
        });
    }

    /**
     * Refuses an unknown model name, a setting that the model does not have, and sizes that do not match.
     *
     * @param recipe all settings; ViT and MViTv2 can be trained as classifiers, and ViT as an autoencoder
     * @throws HieraException if the model or a setting is refused; for an unknown name, the message lists the known ones
     */
    public static void require(Recipe recipe) {
        ModelSettings model = recipe.model();
        boolean needsHiera = recipe.task() == Recipe.Task.DETECT || recipe.task() == Recipe.Task.ACTIONS;
        if (needsHiera || BaselineModels.find(model).isEmpty()) {
            encoder(model.name());
        }
    }

    /**
     * {@return the name of the model whose encoder has these widths, depths and mask units; its input may have another size}
     *
     * @param encoder the encoder
     */
    public static Optional<String> nameOf(HieraConfig encoder) {
        Map<String, HieraConfig> known = new LinkedHashMap<>();
        SMALL.forEach((name, config) -> known.put(name, config.encoder()));
        for (HieraVariant variant : HieraVariant.values()) {
            known.put(variant.officialName(), variant.config());
        }
        return known.entrySet().stream()
                .filter(one -> one.getValue().embedDim() == encoder.embedDim()
                        && one.getValue().numHeads() == encoder.numHeads()
                        && one.getValue().stages().equals(encoder.stages())
                        && one.getValue().maskUnitSize().equals(encoder.maskUnitSize())
                        && one.getValue().axes() == encoder.axes())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * {@return the autoencoder of a model, with the given drop path}
     *
     * @param name the name
     * @param dropPath drop path of the last block, 0 to 1
     */
    public static MaeConfig autoencoder(String name, double dropPath) {
        MaeConfig small = SMALL.get(name);
        MaeConfig config = small != null ? small : MaeConfig.around(encoder(name));
        HieraConfig encoder =
                config.encoder().toBuilder().dropPathRate(dropPath).build();
        return config.withEncoder(encoder);
    }

    private static MaeConfig around(HieraConfig encoder, int width, int depth, int heads) {
        int pooling = encoder.stages().size() - 2;
        return new MaeConfig(encoder.toBuilder().numClasses(0).qPool(pooling).build(), width, depth, heads);
    }
}
