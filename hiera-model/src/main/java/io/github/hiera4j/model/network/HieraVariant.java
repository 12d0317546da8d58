package io.github.hiera4j.model.network;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The published encoders: the ten of the paper (Table 2), each with a masked-autoencoder twin named with {@code mae_} in front,
 * and timm's two with absolute-window position embeddings, which have none.
 */
public enum HieraVariant {
    HIERA_TINY_224(96, 1, List.of(1, 2, 7, 2), Kind.IMAGE),
    HIERA_SMALL_224(96, 1, List.of(1, 2, 11, 2), Kind.IMAGE),
    HIERA_BASE_224(96, 1, List.of(2, 3, 16, 3), Kind.IMAGE),
    HIERA_BASE_PLUS_224(112, 2, List.of(2, 3, 16, 3), Kind.IMAGE),
    HIERA_LARGE_224(144, 2, List.of(2, 6, 36, 4), Kind.IMAGE),
    HIERA_HUGE_224(256, 4, List.of(2, 6, 36, 4), Kind.IMAGE),
    HIERA_BASE_16X224(96, 1, List.of(2, 3, 16, 3), Kind.VIDEO),
    HIERA_BASE_PLUS_16X224(112, 2, List.of(2, 3, 16, 3), Kind.VIDEO),
    HIERA_LARGE_16X224(144, 2, List.of(2, 6, 36, 4), Kind.VIDEO),
    HIERA_HUGE_16X224(256, 4, List.of(2, 6, 36, 4), Kind.VIDEO),
    HIERA_SMALL_ABSWIN_256(96, 1, List.of(1, 2, 11, 2), Kind.ABSOLUTE_WINDOWS),
    HIERA_BASE_ABSWIN_256(96, 1, List.of(2, 3, 16, 3), Kind.ABSOLUTE_WINDOWS);

    private enum Kind {
        IMAGE,
        VIDEO,
        ABSOLUTE_WINDOWS
    }

    private final int embedDim;
    private final int numHeads;

    @SuppressWarnings("ImmutableEnumChecker") // every row gives List.of, which never changes
    private final List<Integer> stages;

    private final Kind kind;

    HieraVariant(int embedDim, int numHeads, List<Integer> stages, Kind kind) {
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.stages = stages;
        this.kind = kind;
    }

    /** Finds a variant by its published name, {@code hiera_base_224}; a leading {@code mae_} is not part of it. */
    public static HieraVariant named(String name) {
        return find(name).orElseThrow(() -> new HieraException(unknown(name)));
    }

    private static String unknown(String name) {
        List<String> names =
                Arrays.stream(values()).map(HieraVariant::officialName).toList();
        return "unknown model '" + Printable.of(name) + "'" + Spelling.suggestion(name, names) + "; there are "
                + String.join(", ", names) + ", and the same with mae_ in front";
    }

    public static Optional<HieraVariant> find(String name) {
        return Arrays.stream(values())
                .filter(variant -> variant.officialName().equals(name))
                .findFirst();
    }

    /** The variant whose widths and depths a configuration has, whatever its classes and input size. */
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

    /** The published name, {@code hiera_base_16x224}. */
    public String officialName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int embedDim() {
        return embedDim;
    }

    public int numHeads() {
        return numHeads;
    }

    public List<Integer> stages() {
        return stages;
    }

    public boolean isVideo() {
        return kind == Kind.VIDEO;
    }

    /** Whether its position embedding has a global part, resized to the grid, and one that is tiled over mask units. */
    public boolean hasAbsoluteWindows() {
        return kind == Kind.ABSOLUTE_WINDOWS;
    }

    /** The encoder with its published head: 1000 ImageNet classes, or 400 Kinetics classes for video. */
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

    /** The published checkpoints, pretrained and fine-tuned; timm's are its fine-tuned ones, of the small model alone. */
    public List<String> checkpoints() {
        return switch (this) {
            case HIERA_SMALL_ABSWIN_256 -> List.of("sbb2_e200_in12k_ft_in1k");
            case HIERA_BASE_ABSWIN_256 -> List.of();
            default -> isVideo() ? List.of("mae_k400", "mae_k400_ft_k400") : List.of("mae_in1k", "mae_in1k_ft_in1k");
        };
    }

    /** The licence of the published weights. */
    public String licence() {
        return hasAbsoluteWindows() ? "Apache-2.0" : "CC-BY-NC-4.0";
    }
}
