package io.github.hiera4j.model.hieradet;

import io.github.hiera4j.model.HieraException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The trunks of SAM 2 and SAM 2.1, which share their image encoders: 1024 × 1024 pixels. */
public enum HieraDetVariant {
    /** 12 blocks of 96 channels in the first stage. */
    TINY(96, 1, List.of(1, 2, 7, 2), Set.of(5, 7, 9), List.of(8, 4, 14, 7), 7),
    /** 16 blocks of 96 channels in the first stage. */
    SMALL(96, 1, List.of(1, 2, 11, 2), Set.of(7, 10, 13), List.of(8, 4, 14, 7), 7),
    /** 24 blocks of 112 channels in the first stage. */
    BASE_PLUS(112, 2, List.of(2, 3, 16, 3), Set.of(12, 16, 20), List.of(8, 4, 14, 7), 14),
    /** 48 blocks of 144 channels in the first stage. */
    LARGE(144, 2, List.of(2, 6, 36, 4), Set.of(23, 33, 43), List.of(8, 4, 16, 8), 7);

    private final int embedDim;
    private final int numHeads;

    @SuppressWarnings("ImmutableEnumChecker") // every row passes List.of and Set.of, which are immutable
    private final List<Integer> stages;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Integer> globalBlocks;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Integer> windows;

    private final int positions;

    HieraDetVariant(
            int embedDim,
            int numHeads,
            List<Integer> stages,
            Set<Integer> globalBlocks,
            List<Integer> windows,
            int positions) {
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.stages = stages;
        this.globalBlocks = globalBlocks;
        this.windows = windows;
        this.positions = positions;
    }

    /**
     * Finds a variant by the name of its checkpoint, {@code sam2.1_hiera_tiny} or {@code sam2_hiera_tiny}.
     *
     * @param name the name of a checkpoint
     * @return the variant
     */
    public static HieraDetVariant named(String name) {
        return Arrays.stream(values())
                .filter(variant -> name.equals(variant.officialName())
                        || name.equals(variant.officialName().replace("sam2.1", "sam2")))
                .findFirst()
                .orElseThrow(() -> new HieraException("unknown SAM 2 model: expected one of "
                        + Arrays.stream(values())
                                .map(HieraDetVariant::officialName)
                                .collect(Collectors.joining(", "))));
    }

    /**
     * {@return the variant with these widths and depths, which can be read from the shapes of a checkpoint's tensors}
     *
     * @param embedDim channels of the first stage
     * @param stages blocks per stage
     */
    public static Optional<HieraDetVariant> matching(int embedDim, List<Integer> stages) {
        return Arrays.stream(values())
                .filter(variant -> variant.embedDim == embedDim && variant.stages.equals(stages))
                .findFirst();
    }

    /** {@return the name of the SAM 2.1 checkpoint, {@code sam2.1_hiera_base_plus}} */
    public String officialName() {
        return "sam2.1_hiera_" + name().toLowerCase(Locale.ROOT);
    }

    /** {@return the settings at the published size} */
    public HieraDetConfig config() {
        return HieraDetConfig.builder()
                .embedDim(embedDim)
                .numHeads(numHeads)
                .stages(stages)
                .globalBlocks(globalBlocks)
                .windows(windows)
                .positionGrid(List.of(positions, positions))
                .build();
    }
}
