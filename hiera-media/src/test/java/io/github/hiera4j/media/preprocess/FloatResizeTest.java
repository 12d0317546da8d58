package io.github.hiera4j.media.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.tensor.HostTensor;
import org.junit.jupiter.api.Test;

class FloatResizeTest {

    @Test
    void imagesOfAnySizeBecomeTheReferencesPixels() {
        ParityResult result = PreprocessParity.run(Fixtures.golden("sam2_preprocess"));
        assertThat(result.differences()).hasSize(3);
        assertThat(result.ok()).as("%s", result.differences()).isTrue();
    }

    @Test
    void onePixelFillsTheWholeInput() {
        HostTensor pixels =
                new FloatResize(4, Normalisation.IMAGENET).apply(new Rgb8Image(1, 1, new byte[] {0, 127, -1}));
        assertThat(pixels.toFloats()).hasSize(48);
        assertThat(pixels.get(0)).isEqualTo(pixels.get(15));
        assertThat(pixels.get(0)).isCloseTo(-0.485 / 0.229, org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void anInputOfNoPixelsIsRefused() {
        assertThatThrownBy(() -> new FloatResize(0, Normalisation.IMAGENET)).isInstanceOf(HieraException.class);
    }
}
