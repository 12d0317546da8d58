package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.hieradet.HieraDetConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The four published sizes. SAM 2 and SAM 2.1 share the image side; the window sizes and global blocks stand in no weight file
 * and are taken from here.
 */
public enum Sam2Variant {
    TINY(96, 1, List.of(1, 2, 7, 2), Set.of(5, 7, 9), List.of(8, 4, 14, 7), 7),
    SMALL(96, 1, List.of(1, 2, 11, 2), Set.of(7, 10, 13), List.of(8, 4, 14, 7), 7),
    BASE_PLUS(112, 2, List.of(2, 3, 16, 3), Set.of(12, 16, 20), List.of(8, 4, 14, 7), 14),
    LARGE(144, 2, List.of(2, 6, 36, 4), Set.of(23, 33, 43), List.of(8, 4, 16, 8), 7);

    private final int embedDim;
    private final int numHeads;

    @SuppressWarnings("ImmutableEnumChecker") // every row gives List.of, which never changes
    private final List<Integer> stages;

    @SuppressWarnings("ImmutableEnumChecker") // every row gives Set.of, which never changes
    private final Set<Integer> globalBlocks;

    @SuppressWarnings("ImmutableEnumChecker") // every row gives List.of, which never changes
    private final List<Integer> windows;

    private final int positionGrid;

    Sam2Variant(
            int embedDim,
            int numHeads,
            List<Integer> stages,
            Set<Integer> globalBlocks,
            List<Integer> windows,
            int positionGrid) {
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.stages = stages;
        this.globalBlocks = globalBlocks;
        this.windows = windows;
        this.positionGrid = positionGrid;
    }

    /** The published name, {@code sam2.1_hiera_base_plus}. */
    public String officialName() {
        return "sam2.1_hiera_" + name().toLowerCase(Locale.ROOT);
    }

    /** Finds a variant by its published name; {@code sam2_hiera_…} names the same image model. */
    public static Optional<Sam2Variant> find(String name) {
        String wanted = name.replaceFirst("^sam2_", "sam2.1_");
        return Arrays.stream(values())
                .filter(variant -> variant.officialName().equals(wanted))
                .findFirst();
    }

    /** The variant with these widths and depths. */
    public static Optional<Sam2Variant> matching(int embedDim, List<Integer> stages) {
        return Arrays.stream(values())
                .filter(variant -> variant.embedDim == embedDim && variant.stages.equals(stages))
                .findFirst();
    }

    /** The model at its published size of 1024 × 1024. */
    public Sam2Config config() {
        return Sam2Config.published(HieraDetConfig.builder()
                .inputSize(List.of(1024, 1024))
                .embedDim(embedDim)
                .numHeads(numHeads)
                .stages(stages)
                .globalBlocks(globalBlocks)
                .windows(windows)
                .positionGrid(List.of(positionGrid, positionGrid))
                .build());
    }
}
