package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.torch.BatchShare;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarShardsTest {
    @TempDir
    private Path root;

    private static byte[] picture(int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toByteArray();
    }

    private byte[] video(int size) throws IOException {
        Path file = root.resolve(".video.mp4");
        Mp4Writer.write(file, Collections.nCopies(8, Rgb8Image.wrap(size, size, new byte[3 * size * size])), 8);
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }

    private static int height(SampleSource source, int index) {
        return source.read(index, duration -> new Clip(0, 1, 1)).get(0).height();
    }

    @Test
    void aRangeOfNumbersNamesShardsWithVideosAndClassesInJson() throws IOException {
        TarFile.write(
                root.resolve("clips-08.tar"),
                TarFile.file("7.json", "{\"caption\": {\"en\": \"a dog\"}, \"label\": 1}"),
                TarFile.file("7.txt", "a dog"),
                TarFile.file("7.mp4", video(32)),
                TarFile.file("8.png", picture(20)),
                TarFile.file("8.json", "{}"),
                TarFile.file("8.cls", "0\n"));
        TarFile.write(root.resolve("clips-09.tar"), TarFile.file("0.png", picture(24)), TarFile.file("0.cls", "0"));
        TarFile.write(root.resolve("clips-10.tar"), TarFile.file("0.png", picture(28)), TarFile.file("0.cls", "1"));
        Files.writeString(root.resolve("classes.txt"), "cat\ndog\n");

        Dataset dataset = Datasets.open(root.resolve("clips-{08..10}.tar"));

        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        SampleSource train = dataset.train();
        assertThat(IntStream.range(0, train.size()).mapToObj(train::label)).containsExactly(1, 0, 0, 1);
        assertThat(IntStream.range(0, train.size()).mapToObj(i -> height(train, i)))
                .containsExactly(32, 20, 24, 28);
        assertThat(train.shards()).containsExactly(0, 2, 3);
        assertThat(train.decode(0, 1 << 20)).isPresent();
        assertThat(Datasets.openForEvaluation(root.resolve("clips-{09..10}.tar"))
                        .validation()
                        .size())
                .isEqualTo(2);
        assertThatThrownBy(() -> Datasets.open(root.resolve("clips-{08..11}.tar")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("clips-11.tar: no such file");
        assertThatThrownBy(() -> Datasets.open(root.resolve("clips-{10..08}.tar")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("must ascend");
    }

    @Test
    void pretrainingNeedsNoClasses() throws IOException {
        TarFile.write(
                root.resolve("train-0.tar"), TarFile.file("a.png", picture(20)), TarFile.file("b.png", picture(9)));
        Dataset dataset = Datasets.openUnlabelled(root);
        assertThat(dataset.isLabelled()).isFalse();
        assertThat(dataset.train().size()).isEqualTo(2);
        refused("a.png has no class");
    }

    @Test
    void samplesThatCannotBeRightAreRefused() throws IOException {
        Path shard = root.resolve("train-0.tar");
        byte[] picture = TarFile.file("a.png", picture(20));
        TarFile.write(shard, picture, TarFile.file("a.jpg", picture(20)), TarFile.file("a.cls", "0"));
        refused("a.png and a.jpg belong to the same sample, 'a'");
        TarFile.write(shard, picture, TarFile.file("a.cls", "0"), TarFile.file("b.cls", "0"));
        refused("b.cls has no image or video beside it");
        TarFile.write(shard, picture, TarFile.file("a.json", "{\"label\": 1.5}"));
        refused("a.json has no integer 'label'");
        TarFile.write(shard, picture, TarFile.file("a.json", "{\"label\": -1}"));
        refused("a.json does not contain a class number");
        TarFile.write(shard, picture, TarFile.file("a.json", "{\"label\": 1"));
        refused("a.json is not valid JSON");
        TarFile.write(shard, picture, TarFile.file("a.json", new byte[70_000]));
        refused("a.json is larger than 65536 bytes");
    }

    private void refused(String part) {
        assertThatThrownBy(() -> Datasets.open(root))
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll("train-0.tar", part)
                .satisfies(fault -> assertThat(fault.toString()).hasLineCount(1));
    }

    @Test
    void aDamagedVideoIsNamedByItsShard() throws IOException {
        byte[] half = Arrays.copyOf(video(32), 300);
        TarFile.write(root.resolve("train-0.tar"), TarFile.file("a.mp4", half), TarFile.file("a.cls", "0"));
        SampleSource train = Datasets.openUnlabelled(root).train();
        assertThatThrownBy(() -> height(train, 0))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("train-0.tar!a.mp4")
                .hasMessageNotContaining(".video");
    }

    @Test
    void anEpochShowsEverySampleOnceAndReadsShardAfterShard() {
        int[] shards = {0, 100, 250, 300, 1000};
        int size = 1203;
        int[] order = EpochOrder.sharded(shards, size, 12, 20, 1, 7, 3);
        assertThat(order).isEqualTo(EpochOrder.sharded(shards, size, 12, 20, 1, 7, 3));
        assertThat(order)
                .containsExactlyInAnyOrder(IntStream.range(0, size).toArray())
                .isNotEqualTo(EpochOrder.sharded(shards, size, 12, 20, 1, 7, 4))
                .isNotEqualTo(EpochOrder.sharded(shards, size, 12, 20, 1, 8, 3));
        for (int row = 0;
                row < 12;
                row++) { // the 100 samples of a lane are in few shards and are read from start to end
            List<Integer> lane = new ArrayList<>();
            for (int batch = 0; batch < size / 12; batch++) {
                lane.add(order[batch * 12 + row]);
            }
            Map<Integer, Integer> last = new TreeMap<>();
            for (int sample : lane) {
                int shard = shard(shards, sample);
                int before = last.getOrDefault(shard, 0);
                assertThat(sample).isGreaterThan(before - 20 * 12);
                last.put(shard, Math.max(before, sample));
            }
            assertThat(last).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void repeatedSamplesFollowEachOtherInALane() {
        int[] order = EpochOrder.sharded(new int[] {0, 40}, 80, 4, 10, 2, 1, 0);
        for (int row = 0; row < 4; row++) {
            for (int batch = 0; batch < 20; batch += 2) {
                assertThat(order[batch * 4 + row]).isEqualTo(order[(batch + 1) * 4 + row]);
            }
        }
    }

    @Test
    void processesReadShardsOfTheirOwn() {
        int[] shards = IntStream.range(0, 32).map(shard -> shard * 50).toArray();
        for (int processes : new int[] {1, 2, 4, 8}) {
            int[] order = EpochOrder.sharded(shards, 1600, 16, 10, 1, 5, 0);
            Set<Integer> all = new HashSet<>();
            for (int rank = 0; rank < processes; rank++) {
                Set<Integer> own = new TreeSet<>();
                for (int row : new BatchShare(rank, processes).mirroredRows(16 / processes)) {
                    for (int batch = 0; batch < 100; batch++) {
                        own.add(shard(shards, order[batch * 16 + row]));
                    }
                }
                assertThat(own).hasSize(32 / processes);
                assertThat(all).doesNotContainAnyElementsOf(own);
                all.addAll(own);
            }
        }
    }

    private static int shard(int[] shards, int sample) {
        int found = Arrays.binarySearch(shards, sample);
        return found >= 0 ? found : -found - 2;
    }
}
