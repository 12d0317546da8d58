package io.github.hiera4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.Rgb8Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Mp4DurationTest {
    @TempDir
    Path directory;

    /** The duration is correct even if the last frame is a keyframe, with no later frame to end it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 17, 20})
    void everyFrameIsShownForOneStep(int count) {
        List<Rgb8Image> frames = new ArrayList<>();
        for (int frame = 0; frame < count; frame++) {
            byte[] rgb = new byte[64 * 48 * 3];
            Arrays.fill(rgb, (byte) (20 + 10 * frame));
            frames.add(Rgb8Image.wrap(64, 48, rgb));
        }
        Path file = directory.resolve("film.mp4");
        Mp4Writer.write(file, frames, 10);
        try (VideoReader video = VideoReader.open(file)) {
            assertThat(video.info().frameRate()).isCloseTo(10, within(1e-9));
            assertThat(video.info().duration()).isCloseTo(count / 10.0, within(1e-9));
            assertThat(video.warnings()).isEmpty();
            int last = video.framesAt((count - 1) / 10.0).get(0).sample(30, 20, 1);
            assertThat(last).isBetween(20 + 10 * (count - 1) - 4, 20 + 10 * (count - 1) + 4);
        }
    }
}
