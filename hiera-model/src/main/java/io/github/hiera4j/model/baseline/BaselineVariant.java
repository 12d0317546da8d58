package io.github.hiera4j.model.baseline;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The published models that Hiera is compared with, under timm's names if timm has them. */
public enum BaselineVariant {
    /** ViT, base, for images. */
    VIT_BASE_PATCH16_224(Family.VIT, 768, 12, List.of(12), 16, false),
    /** ViT, large, for images. */
    VIT_LARGE_PATCH16_224(Family.VIT, 1024, 16, List.of(24), 16, false),
    /** ViT, huge, for images. */
    VIT_HUGE_PATCH14_224(Family.VIT, 1280, 16, List.of(32), 14, false),
    /** ViT, base, for videos. */
    VIT_BASE_PATCH16_16X224(Family.VIT, 768, 12, List.of(12), 16, true),
    /** ViT, large, for videos. */
    VIT_LARGE_PATCH16_16X224(Family.VIT, 1024, 16, List.of(24), 16, true),
    /** ViT, huge, for videos. */
    VIT_HUGE_PATCH16_16X224(Family.VIT, 1280, 16, List.of(32), 16, true),
    /** MViTv2, tiny, for images. */
    MVITV2_TINY(Family.MVITV2, 96, 1, List.of(1, 2, 5, 2), 4, false),
    /** MViTv2, small, for images. */
    MVITV2_SMALL(Family.MVITV2, 96, 1, List.of(1, 2, 11, 2), 4, false),
    /** MViTv2, base, for images. */
    MVITV2_BASE(Family.MVITV2, 96, 1, List.of(2, 3, 16, 3), 4, false),
    /** MViTv2, large, for images. */
    MVITV2_LARGE(Family.MVITV2, 144, 2, List.of(2, 6, 36, 4), 4, false),
    /** MViTv2, small, for videos. */
    MVITV2_SMALL_16X224(Family.MVITV2, 96, 1, List.of(1, 2, 11, 2), 4, true),
    /** MViTv2, base, for videos. */
    MVITV2_BASE_16X224(Family.MVITV2, 96, 1, List.of(2, 3, 16, 3), 4, true),
    /** MViTv2, large, for videos. */
    MVITV2_LARGE_16X224(Family.MVITV2, 144, 2, List.of(2, 6, 36, 4), 4, true);

    private enum Family {
        VIT,
        MVITV2
    }

    private static final int FRAMES = 16;
    private static final int SIDE = 224;

    private final Family family;
    private final int embedDim;
    private final int numHeads;

    @SuppressWarnings("ImmutableEnumChecker") // every row passes List.of, which is immutable
    private final List<Integer> depths;

    private final int patch;
    private final boolean isVideo;

    BaselineVariant(Family family, int embedDim, int numHeads, List<Integer> depths, int patch, boolean isVideo) {
        this.family = family;
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.depths = depths;
        this.patch = patch;
        this.isVideo = isVideo;
    }

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether the input has a time axis} */
    public boolean isVideo() {
        return isVideo;
    }

    /**
     * {@return the model with this {@link #label}; throws a {@code HieraException} for any other name}
     *
     * @param label the name
     */
    public static BaselineVariant named(String label) {
        return find(label)
                .orElseThrow(() -> new HieraException("unknown model: expected one of "
                        + Arrays.stream(values()).map(BaselineVariant::label).collect(Collectors.joining(", "))));
    }

    /**
     * {@return the model with this {@link #label}, if there is one}
     *
     * @param label the name
     */
    public static Optional<BaselineVariant> find(String label) {
        return Arrays.stream(values())
                .filter(variant -> variant.label().equals(label))
                .findFirst();
    }

    /** {@return the model with its published head: 1000 ImageNet classes, or 400 Kinetics classes for videos} */
    public BaselineModel model() {
        return family == Family.VIT ? visionTransformer(false) : mvitv2();
    }

    /**
     * Returns the plain vision transformer.
     *
     * @param averages see {@link VisionTransformerConfig}
     * @return the configuration
     * @throws HieraException if the variant is not a ViT
     */
    public VisionTransformerConfig visionTransformer(boolean averages) {
        requireFamily(Family.VIT);
        return isVideo
                ? new VisionTransformerConfig(
                        List.of(FRAMES, SIDE, SIDE),
                        List.of(2, patch, patch),
                        embedDim,
                        depths.get(0),
                        numHeads,
                        400,
                        averages,
                        0)
                : new VisionTransformerConfig(
                        List.of(SIDE, SIDE),
                        List.of(patch, patch),
                        embedDim,
                        depths.get(0),
                        numHeads,
                        1000,
                        averages,
                        0);
    }

    /** {@return the MViTv2; throws a {@code HieraException} if the variant is not one} */
    public MViTv2Config mvitv2() {
        requireFamily(Family.MVITV2);
        HieraConfigBuilder builder = isVideo ? HieraConfig.video() : HieraConfig.image();
        HieraConfig shape =
                builder.embedDim(embedDim).numHeads(numHeads).stages(depths).build();
        return isVideo ? MViTv2Config.video(shape) : MViTv2Config.image(shape, this != MVITV2_LARGE);
    }

    private void requireFamily(Family wanted) {
        if (family != wanted) {
            throw new HieraException(label() + " is not a " + wanted.name().toLowerCase(Locale.ROOT) + " model");
        }
    }
}
