package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.hieradet.HieraDetVariant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The four published sizes of SAM 2 and SAM 2.1, which share the image side. Window sizes and global blocks are in no weight file:
 * they are those of the trunk's variant.
 */
public enum Sam2Variant {
    /** 38.9 million parameters with the video side. */
    TINY(HieraDetVariant.TINY),
    /** 46 million parameters with the video side. */
    SMALL(HieraDetVariant.SMALL),
    /** 80.8 million parameters with the video side. */
    BASE_PLUS(HieraDetVariant.BASE_PLUS),
    /** 224.4 million parameters with the video side. */
    LARGE(HieraDetVariant.LARGE);

    private final HieraDetVariant trunk;

    Sam2Variant(HieraDetVariant trunk) {
        this.trunk = trunk;
    }

    /**
     * The published name of the SAM 2.1 checkpoint.
     *
     * @return the name, such as {@code sam2.1_hiera_base_plus}
     */
    public String officialName() {
        return trunk.officialName();
    }

    /**
     * Finds a variant by its published name.
     *
     * @param name such as {@code sam2.1_hiera_tiny}; {@code sam2_hiera_tiny} names the same image model
     * @return the variant; empty if there is none of the name
     */
    public static Optional<Sam2Variant> find(String name) {
        String wanted = name.replaceFirst("^sam2_", "sam2.1_");
        return Arrays.stream(values())
                .filter(variant -> variant.officialName().equals(wanted))
                .findFirst();
    }

    /**
     * The variant with these widths and depths.
     *
     * @param embedDim channels of the trunk's first stage
     * @param stages blocks per stage of the trunk
     * @return the variant; empty if none has them
     */
    public static Optional<Sam2Variant> matching(int embedDim, List<Integer> stages) {
        return HieraDetVariant.matching(embedDim, stages)
                .flatMap(trunk -> Arrays.stream(values())
                        .filter(variant -> variant.trunk == trunk)
                        .findFirst());
    }

    /**
     * The model at its published size of 1024 × 1024 pixels.
     *
     * @return its settings
     */
    public Sam2Config config() {
        return Sam2Config.published(trunk.config());
    }
}
