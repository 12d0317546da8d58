package io.github.hiera4j.model.baseline.peers;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.BaselineModel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The published sizes of Swin and ConvNeXt V2, under timm's names. */
public enum PeerVariant {
    /** Swin, tiny. */
    SWIN_TINY_PATCH4_WINDOW7_224(List.of(2, 2, 6, 2), List.of(96), List.of(3, 6, 12, 24)),
    /** Swin, small. */
    SWIN_SMALL_PATCH4_WINDOW7_224(List.of(2, 2, 18, 2), List.of(96), List.of(3, 6, 12, 24)),
    /** Swin, base. */
    SWIN_BASE_PATCH4_WINDOW7_224(List.of(2, 2, 18, 2), List.of(128), List.of(4, 8, 16, 32)),
    /** Swin, large. */
    SWIN_LARGE_PATCH4_WINDOW7_224(List.of(2, 2, 18, 2), List.of(192), List.of(6, 12, 24, 48)),
    /** ConvNeXt V2, tiny. */
    CONVNEXTV2_TINY(List.of(3, 3, 9, 3), List.of(96, 192, 384, 768), List.of()),
    /** ConvNeXt V2, base. */
    CONVNEXTV2_BASE(List.of(3, 3, 27, 3), List.of(128, 256, 512, 1024), List.of()),
    /** ConvNeXt V2, large. */
    CONVNEXTV2_LARGE(List.of(3, 3, 27, 3), List.of(192, 384, 768, 1536), List.of()),
    /** ConvNeXt V2, huge. */
    CONVNEXTV2_HUGE(List.of(3, 3, 27, 3), List.of(352, 704, 1408, 2816), List.of());

    private static final List<Integer> INPUT = List.of(224, 224);
    private static final int CLASSES = 1000;
    private static final int WINDOW = 7;

    @SuppressWarnings("ImmutableEnumChecker") // every row passes List.of, which is immutable
    private final List<Integer> depths;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Integer> dims;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Integer> heads;

    PeerVariant(List<Integer> depths, List<Integer> dims, List<Integer> heads) {
        this.depths = depths;
        this.dims = dims;
        this.heads = heads;
    }

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the model with the head for the 1000 classes of ImageNet} */
    public BaselineModel model() {
        return heads.isEmpty()
                ? new ConvNeXtV2Config(INPUT, depths, dims, CLASSES, 0)
                : new SwinConfig(INPUT, dims.get(0), depths, heads, WINDOW, CLASSES, 0);
    }

    /**
     * {@return the model with this {@link #label}, if there is one}
     *
     * @param label the name
     */
    public static Optional<PeerVariant> find(String label) {
        return Arrays.stream(values())
                .filter(variant -> variant.label().equals(label))
                .findFirst();
    }

    /**
     * {@return the model with this {@link #label}; throws a {@code HieraException} for any other name}
     *
     * @param label the name
     */
    public static PeerVariant named(String label) {
        return find(label)
                .orElseThrow(() -> new HieraException("unknown model: expected one of "
                        + Arrays.stream(values()).map(PeerVariant::label).collect(Collectors.joining(", "))));
    }
}
