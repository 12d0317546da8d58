package io.github.hiera4j.model.network;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The published encoders: the ten of the paper (Table 2), each with a masked autoencoder whose name has the prefix {@code mae_},
 * and timm's two with absolute-window position embeddings, which have no autoencoder.
 */
public enum HieraVariant {
    /** 27.9 million parameters; images of 224 × 224. */
    HIERA_TINY_224(96, 1, List.of(1, 2, 7, 2), Kind.IMAGE),
    /** 35 million parameters; images of 224 × 224. */
    HIERA_SMALL_224(96, 1, List.of(1, 2, 11, 2), Kind.IMAGE),
    /** 51.5 million parameters; images of 224 × 224. */
    HIERA_BASE_224(96, 1, List.of(2, 3, 16, 3), Kind.IMAGE),
    /** 69.9 million parameters; images of 224 × 224. */
    HIERA_BASE_PLUS_224(112, 2, List.of(2, 3, 16, 3), Kind.IMAGE),
    /** 213.7 million parameters; images of 224 × 224. */
    HIERA_LARGE_224(144, 2, List.of(2, 6, 36, 4), Kind.IMAGE),
    /** 672.8 million parameters; images of 224 × 224. */
    HIERA_HUGE_224(256, 4, List.of(2, 6, 36, 4), Kind.IMAGE),
    /** The base model for clips of 16 frames of 224 × 224. */
    HIERA_BASE_16X224(96, 1, List.of(2, 3, 16, 3), Kind.VIDEO),
    /** The base-plus model for clips of 16 frames of 224 × 224. */
    HIERA_BASE_PLUS_16X224(112, 2, List.of(2, 3, 16, 3), Kind.VIDEO),
    /** The large model for clips of 16 frames of 224 × 224. */
    HIERA_LARGE_16X224(144, 2, List.of(2, 6, 36, 4), Kind.VIDEO),
    /** The huge model for clips of 16 frames of 224 × 224. */
    HIERA_HUGE_16X224(256, 4, List.of(2, 6, 36, 4), Kind.VIDEO),
    /** The small model with absolute window embeddings; images of 256 × 256. */
    HIERA_SMALL_ABSWIN_256(96, 1, List.of(1, 2, 11, 2), Kind.ABSOLUTE_WINDOWS),
    /** The base model with absolute window embeddings; images of 256 × 256. */
    HIERA_BASE_ABSWIN_256(96, 1, List.of(2, 3, 16, 3), Kind.ABSOLUTE_WINDOWS);

    private enum Kind {
        IMAGE,
        VIDEO,
        ABSOLUTE_WINDOWS
    }

    private final int embedDim;
    private final int numHeads;

    @SuppressWarnings("ImmutableEnumChecker") // every row passes List.of, which is immutable
    private final List<Integer> stages;

    private final Kind kind;

    HieraVariant(int embedDim, int numHeads, List<Integer> stages, Kind kind) {
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.stages = stages;
        this.kind = kind;
    }

    /**
     * Finds a variant by its published name, {@code hiera_base_224}; a leading {@code mae_} is not part of it.
     *
     * @param name the name
     * @return the variant
     */
    public static HieraVariant named(String name) {
        return find(name).orElseThrow(() -> new HieraException(unknown(name)));
    }

    private static String unknown(String name) {
        List<String> names =
                Arrays.stream(values()).map(HieraVariant::officialName).toList();
        return "unknown model '" + Printable.of(name) + "'" + Spelling.suggestion(name, names) + "; there are "
                + String.join(", ", names) + ", and the same names with the prefix mae_";
    }

    /**
     * {@return the variant of a published name; empty if there is none}
     *
     * @param name the name
     */
    public static Optional<HieraVariant> find(String name) {
        return Arrays.stream(values())
                .filter(variant -> variant.officialName().equals(name))
                .findFirst();
    }

    /**
     * {@return the variant with the widths and depths of a configuration, regardless of its classes and input size}
     *
     * @param config the settings of the encoder
     */
    public static Optional<HieraVariant> matching(HieraConfig config) {
        return Arrays.stream(values())
                .filter(variant -> variant.isVideo() == config.isVideo()
                        && variant.hasAbsoluteWindows() == config.absWinPosEmbed()
                        && config.axes() >= 2
                        && variant.embedDim == config.embedDim()
                        && variant.numHeads == config.numHeads()
                        && variant.stages.equals(config.stages()))
                .findFirst();
    }

    /** {@return the published name, {@code hiera_base_16x224}} */
    public String officialName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the number of channels of the first stage} */
    public int embedDim() {
        return embedDim;
    }

    /** {@return the number of attention heads of the first stage} */
    public int numHeads() {
        return numHeads;
    }

    /** {@return the number of blocks of each stage} */
    public List<Integer> stages() {
        return stages;
    }

    /** {@return whether its inputs are video clips} */
    public boolean isVideo() {
        return kind == Kind.VIDEO;
    }

    /** {@return whether its position embedding has a global part, resized to the grid, and a part tiled over mask units} */
    public boolean hasAbsoluteWindows() {
        return kind == Kind.ABSOLUTE_WINDOWS;
    }

    /** {@return the encoder with its published head: 1000 ImageNet classes, or 400 Kinetics classes for video} */
    public HieraConfig config() {
        HieraConfigBuilder builder = (isVideo() ? HieraConfig.video() : HieraConfig.image())
                .embedDim(embedDim)
                .numHeads(numHeads)
                .stages(stages);
        if (hasAbsoluteWindows()) {
            boolean small = this == HIERA_SMALL_ABSWIN_256;
            int globalSide = small ? 16 : 14;
            builder.inputSize(List.of(256, 256))
                    .absWinPosEmbed(true)
                    .globalPosSize(List.of(globalSide, globalSide))
                    .initValues(1e-5)
                    .useExpandProj(!small);
        }
        return builder.build();
    }

    /** {@return the published checkpoints, pretrained and fine-tuned; for timm's models only a fine-tuned one of the small model} */
    public List<String> checkpoints() {
        return switch (this) {
            case HIERA_SMALL_ABSWIN_256 -> List.of("sbb2_e200_in12k_ft_in1k");
            case HIERA_BASE_ABSWIN_256 -> List.of();
            default -> isVideo() ? List.of("mae_k400", "mae_k400_ft_k400") : List.of("mae_in1k", "mae_in1k_ft_in1k");
        };
    }

    /** {@return the licence of the published weights} */
    public String licence() {
        return hasAbsoluteWindows() ? "Apache-2.0" : "CC-BY-NC-4.0";
    }
}
