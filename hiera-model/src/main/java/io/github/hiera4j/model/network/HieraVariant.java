package io.github.hiera4j.model.network;

import io.github.hiera4j.model.HieraException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ten published encoders (paper Table 2). Each has a masked-autoencoder twin named with {@code mae_} in front. */
public enum HieraVariant {
    HIERA_TINY_224(96, 1, List.of(1, 2, 7, 2), false),
    HIERA_SMALL_224(96, 1, List.of(1, 2, 11, 2), false),
    HIERA_BASE_224(96, 1, List.of(2, 3, 16, 3), false),
    HIERA_BASE_PLUS_224(112, 2, List.of(2, 3, 16, 3), false),
    HIERA_LARGE_224(144, 2, List.of(2, 6, 36, 4), false),
    HIERA_HUGE_224(256, 4, List.of(2, 6, 36, 4), false),
    HIERA_BASE_16X224(96, 1, List.of(2, 3, 16, 3), true),
    HIERA_BASE_PLUS_16X224(112, 2, List.of(2, 3, 16, 3), true),
    HIERA_LARGE_16X224(144, 2, List.of(2, 6, 36, 4), true),
    HIERA_HUGE_16X224(256, 4, List.of(2, 6, 36, 4), true);

    private final int embedDim;
    private final int numHeads;

    @SuppressWarnings("ImmutableEnumChecker") // every row gives List.of, which never changes
    private final List<Integer> stages;

    private final boolean video;

    HieraVariant(int embedDim, int numHeads, List<Integer> stages, boolean video) {
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.stages = stages;
        this.video = video;
    }

    /** Finds a variant by its published name, {@code hiera_base_224}; a leading {@code mae_} is not part of it. */
    public static HieraVariant named(String name) {
        return find(name)
                .orElseThrow(() -> new HieraException("unknown model '" + name + "': expected one of "
                        + Arrays.stream(values())
                                .map(HieraVariant::officialName)
                                .collect(Collectors.joining(", "))
                        + ", or one of these with mae_ in front"));
    }

    public static Optional<HieraVariant> find(String name) {
        return Arrays.stream(values())
                .filter(variant -> variant.officialName().equals(name))
                .findFirst();
    }

    /** The variant whose widths and depths a configuration has, whatever its classes and input size. */
    public static Optional<HieraVariant> matching(HieraConfig config) {
        return Arrays.stream(values())
                .filter(variant -> variant.video == config.isVideo()
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
        return video;
    }

    /** The encoder with its published head: 1000 ImageNet classes, or 400 Kinetics classes for video. */
    public HieraConfig config() {
        return (video ? HieraConfig.video() : HieraConfig.image())
                .embedDim(embedDim)
                .numHeads(numHeads)
                .stages(stages)
                .build();
    }

    /** The published checkpoints, pretrained and fine-tuned. */
    public List<String> checkpoints() {
        return video ? List.of("mae_k400", "mae_k400_ft_k400") : List.of("mae_in1k", "mae_in1k_ft_in1k");
    }
}
