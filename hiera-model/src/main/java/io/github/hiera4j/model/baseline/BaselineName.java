package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names for ViT and MViTv2 networks of any size, for use in recipes.
 *
 * <p>The published models have their {@link BaselineVariant} names. Others are spelled out: {@code vit_192x12x3_patch16_224} has 192
 * channels, 12 blocks, 3 heads, patches of 16 × 16 pixels and an input of 224 × 224; {@code mvitv2_96x1_1-2-5-2_224} has 96 channels
 * and 1 head at the start, and stages of 1, 2, 5 and 2 blocks. For videos the number of frames comes first: {@code 16x224}. Suffixes:
 * {@code _mean}: the head of ViT reads the mean of all patches; {@code _cls}: the head of MViTv2 reads a class token; {@code _mlp}:
 * MViTv2 widens in the MLP before a stage.
 */
public final class BaselineName {
    private static final String MEAN = "_mean";
    private static final String CLASS_TOKEN = "_cls";
    private static final String WIDENS_IN_MLP = "_mlp";
    private static final int MOST = 1 << 16;
    private static final int PATCH_FRAMES = 2;

    private static final Pattern VIT =
            Pattern.compile("vit_(\\d{1,5})x(\\d{1,3})x(\\d{1,3})_patch(\\d{1,3})_(?:(\\d{1,4})x)?(\\d{1,5})(_mean)?");
    private static final Pattern MVITV2 = Pattern.compile(
            "mvitv2_(\\d{1,5})x(\\d{1,3})_(\\d{1,3}(?:-\\d{1,3}){0,5})_(?:(\\d{1,4})x)?(\\d{1,5})(_mlp)?(_cls)?");

    /** Other sizes of ViT that timm publishes: channels, blocks and heads. */
    private static final List<String> TIMM_SIZES = List.of("tiny=192x12x3", "small=384x12x6");

    private BaselineName() {}

    /**
     * {@return the model with the given name; empty if the name denotes neither a ViT nor an MViTv2}
     *
     * @param name a published name or one that is spelled out, with any of the suffixes
     * @param classes the number of classes of the head; MViTv2 needs 1 or more
     * @throws io.github.hiera4j.model.HieraException if the name is spelled out and its sizes do not fit together
     */
    public static Optional<BaselineModel> find(String name, int classes) {
        Optional<BaselineModel> published = published(name, classes);
        return published.isPresent() ? published : spelled(inFull(name), classes);
    }

    /** Spells out a size of timm that is not one of the published variants here. */
    private static String inFull(String name) {
        for (String size : TIMM_SIZES) {
            String[] both = size.split("=", -1);
            if (name.startsWith("vit_" + both[0] + "_patch")) {
                return name.replaceFirst(both[0], both[1]);
            }
        }
        return name;
    }

    private static Optional<BaselineModel> published(String name, int classes) {
        String label = name.replaceFirst("(" + MEAN + "|" + CLASS_TOKEN + ")$", "");
        return BaselineVariant.find(label).map(BaselineVariant::model).flatMap(model -> {
            boolean isMean = name.endsWith(MEAN);
            boolean hasToken = name.endsWith(CLASS_TOKEN);
            if (model instanceof VisionTransformerConfig vit) {
                return hasToken
                        ? Optional.empty()
                        : Optional.of(vit.averaging(isMean).with(classes, 0));
            }
            MViTv2Config mvit = (MViTv2Config) model;
            return isMean
                    ? Optional.empty()
                    : Optional.of(mvit.withClassToken(hasToken || mvit.hasClassToken())
                            .with(classes, 0, 0));
        });
    }

    private static Optional<BaselineModel> spelled(String name, int classes) {
        Matcher vit = VIT.matcher(name);
        if (vit.matches()) {
            int patch = Integer.parseInt(vit.group(4));
            boolean isVideo = vit.group(5) != null;
            return Optional.of(new VisionTransformerConfig(
                    input(vit.group(5), vit.group(6)),
                    isVideo ? List.of(PATCH_FRAMES, patch, patch) : List.of(patch, patch),
                    Integer.parseInt(vit.group(1)),
                    Integer.parseInt(vit.group(2)),
                    Integer.parseInt(vit.group(3)),
                    classes,
                    vit.group(7) != null,
                    0));
        }
        Matcher mvit = MVITV2.matcher(name);
        return mvit.matches() ? Optional.of(mvitv2(mvit, classes)) : Optional.empty();
    }

    private static MViTv2Config mvitv2(Matcher name, int classes) {
        List<Integer> stages = Arrays.stream(name.group(3).split("-", -1))
                .map(Integer::valueOf)
                .toList();
        boolean isVideo = name.group(4) != null;
        int unit = 1 << (stages.size() - 1);
        HieraConfigBuilder shape = isVideo ? HieraConfig.video() : HieraConfig.image();
        HieraConfig sizes = shape.inputSize(input(name.group(4), name.group(5)))
                .embedDim(Integer.parseInt(name.group(1)))
                .numHeads(Integer.parseInt(name.group(2)))
                .stages(stages)
                .qPool(stages.size() - 1)
                .maskUnitSize(isVideo ? List.of(1, unit, unit) : List.of(unit, unit))
                .maskUnitAttn(Collections.nCopies(stages.size(), false))
                .numClasses(classes)
                .build();
        return new MViTv2Config(sizes, name.group(6) == null, name.group(7) != null, keyStride(isVideo));
    }

    private static List<Integer> keyStride(boolean isVideo) {
        return isVideo ? List.of(8, 8) : List.of(4, 4);
    }

    private static List<Integer> input(@Nullable String frames, String side) {
        int pixels = Integer.parseInt(side);
        check(pixels >= 1 && pixels <= MOST, "an input has 1 to %d pixels a side, got %s", MOST, Printable.of(side));
        return frames == null ? List.of(pixels, pixels) : List.of(Integer.parseInt(frames), pixels, pixels);
    }

    /**
     * {@return the name of a model, published or spelled out} Empty if no name describes it: its inputs or patches are not square, or
     * its keys have another stride.
     *
     * @param model a ViT, its autoencoder, or an MViTv2; for an autoencoder, the name of its encoder with a head that reads the mean
     */
    public static Optional<String> of(ModelConfig model) {
        if (model instanceof VisionTransformerMae autoencoder) {
            return of(autoencoder.transformer().averaging(true));
        }
        Optional<String> spelled = model instanceof VisionTransformerConfig vit
                ? Optional.of(spell(vit))
                : model instanceof MViTv2Config mvit ? Optional.of(spell(mvit)) : Optional.empty();
        return spelled.filter(name -> isSame(model, name))
                .map(name -> Arrays.stream(BaselineVariant.values())
                        .flatMap(variant -> Stream.of("", MEAN, CLASS_TOKEN).map(ending -> variant.label() + ending))
                        .filter(label -> isSame(model, label))
                        .findFirst()
                        .orElse(name));
    }

    private static boolean isSame(ModelConfig model, String name) {
        return find(name, 1)
                .filter(named -> reduced(named).equals(reduced(model)))
                .isPresent();
    }

    /** Returns the settings that a name describes: neither the number of classes nor the training settings. */
    private static List<Object> reduced(ModelConfig model) {
        if (model instanceof VisionTransformerConfig vit) {
            return List.of(
                    vit.inputSize(), vit.patchSize(), vit.embedDim(), vit.depth(), vit.numHeads(), vit.averages());
        }
        MViTv2Config mvit = (MViTv2Config) model;
        HieraConfig shape = mvit.shape();
        return List.of(
                shape.inputSize(),
                shape.embedDim(),
                shape.numHeads(),
                shape.stages(),
                mvit.widensInAttention(),
                mvit.hasClassToken(),
                mvit.firstKeyStride());
    }

    private static String spell(VisionTransformerConfig vit) {
        return "vit_" + vit.embedDim() + "x" + vit.depth() + "x" + vit.numHeads() + "_patch"
                + vit.patchSize().get(vit.patchSize().size() - 1) + "_" + input(vit.inputSize())
                + (vit.averages() ? MEAN : "");
    }

    private static String spell(MViTv2Config mvit) {
        HieraConfig shape = mvit.shape();
        String stages = shape.stages().stream().map(String::valueOf).collect(Collectors.joining("-"));
        return "mvitv2_" + shape.embedDim() + "x" + shape.numHeads() + "_" + stages + "_" + input(shape.inputSize())
                + (mvit.widensInAttention() ? "" : WIDENS_IN_MLP) + (mvit.hasClassToken() ? CLASS_TOKEN : "");
    }

    private static String input(List<Integer> sizes) {
        String side = String.valueOf(sizes.get(sizes.size() - 1));
        return sizes.size() == 3 ? sizes.get(0) + "x" + side : side;
    }
}
