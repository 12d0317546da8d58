package io.github.hiera4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.Mp4Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache changes only the speed. */
class CachedSourceTest {
    private static final long VIDEO_BYTES = 40 * 32 * 32 * 3; // at most

    @TempDir
    private Path directory;

    private FileSource videos(int count) {
        List<FileSource.Labelled> files = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int number = 0; number < count; number++) {
            List<Rgb8Image> frames = new ArrayList<>();
            for (int frame = 0; frame < 40; frame++) {
                byte[] rgb = new byte[3 * 32 * 32];
                java.util.Arrays.fill(rgb, (byte) random.nextInt(256)); // noise would make the encoder drop frames
                frames.add(Rgb8Image.wrap(32, 32, rgb));
            }
            Path file = directory.resolve(number + ".mp4");
            Mp4Writer.write(file, frames, 30);
            files.add(new FileSource.Labelled(file, 0));
        }
        return new FileSource(files);
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 30, 16 * VIDEO_BYTES, VIDEO_BYTES})
    void everyReadingChoosesItsClipAnew(long limit) {
        FileSource source = videos(3);
        CachedSource cached = new CachedSource(source, limit);
        ClipSampler sampler = new ClipSampler(8, 2, 3, 1);
        for (int epoch = 0; epoch < 5; epoch++) {
            for (int index = 0; index < source.size(); index++) {
                ClipChoice drawn = random(sampler, 100 * epoch + index);
                assertThat(cached.read(index, drawn)).isEqualTo(source.read(index, drawn));
                ClipChoice test = ClipChoice.uniform(sampler, epoch % 3);
                assertThat(cached.read(index, test)).isEqualTo(source.read(index, test));
            }
        }
        long whole = 0;
        for (int index = 0; index < source.size(); index++) {
            whole += source.decode(index, Long.MAX_VALUE).orElseThrow().bytes();
        }
        assertThat(cached.bytes()).isLessThanOrEqualTo(limit).isEqualTo(limit < 16 * VIDEO_BYTES ? 0 : whole);
    }

    /** Returns the same clip for every request. */
    private static ClipChoice random(ClipSampler sampler, int seed) {
        return duration -> sampler.random(duration, new SplittableRandom(seed));
    }

    @Test
    void whatIsKeptIsNotReadAgain() throws Exception {
        FileSource source = videos(1);
        CachedSource cached = new CachedSource(source, 1 << 30);
        ClipSampler sampler = new ClipSampler(8, 2, 3, 1);
        List<Rgb8Image> expected = source.read(0, random(sampler, 5));
        cached.read(0, random(sampler, 1));
        java.nio.file.Files.delete(source.path(0));
        assertThat(cached.read(0, random(sampler, 5))).isEqualTo(expected);
    }
}
