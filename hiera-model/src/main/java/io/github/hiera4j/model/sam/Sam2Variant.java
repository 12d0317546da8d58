package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.hieradet.HieraDetVariant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The four published sizes of SAM 2 and SAM 2.1, which share the image model. No weight file contains window sizes and global blocks;
 * they are taken from the trunk's variant.
 */
public enum Sam2Variant {
    /** 38.9 million parameters, including the video model. */
    TINY(HieraDetVariant.TINY),
    /** 46 million parameters, including the video model. */
    SMALL(HieraDetVariant.SMALL),
    /** 80.8 million parameters, including the video model. */
    BASE_PLUS(HieraDetVariant.BASE_PLUS),
    /** 224.4 million parameters, including the video model. */
    LARGE(HieraDetVariant.LARGE);

    private final HieraDetVariant trunk;

    Sam2Variant(HieraDetVariant trunk) {
        this.trunk = trunk;
    }

    /**
     * Returns the published name of the SAM 2.1 checkpoint.
     *
     * @return the name, such as {@code sam2.1_hiera_base_plus}
     */
    public String officialName() {
        return trunk.officialName();
    }

    /**
     * Finds a variant by its published name.
     *
     * @param name the name, such as {@code sam2.1_hiera_tiny}; {@code sam2_hiera_tiny} is the same image model
     * @return the variant; empty if there is none with this name
     */
    public static Optional<Sam2Variant> find(String name) {
        String wanted = name.replaceFirst("^sam2_", "sam2.1_");
        return Arrays.stream(values())
                .filter(variant -> variant.officialName().equals(wanted))
                .findFirst();
    }

    /**
     * Finds the variant with the given widths and depths.
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
     * Returns the model at its published size of 1024 × 1024 pixels.
     *
     * @return its settings
     */
    public Sam2Config config() {
        return Sam2Config.published(trunk.config());
    }
}
