package io.github.hiera4j.onednn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.onednn.primitive.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers that live together never overlap; buffers that do not share memory. */
public class ArenaPlannerTest {
    @Test
    void aChainOfLayersNeedsTwoBuffersOnly() {
        List<Buffer> chain = new ArrayList<>();
        for (int step = 0; step < 20; step++) {
            chain.add(living(1024, step, step + 1));
        }
        assertThat(ArenaPlanner.plan(chain)).isEqualTo(2 * 1024);
    }

    @Test
    void aPinnedBufferIsNeverOverwritten() {
        Buffer result = living(64, 0, 0);
        result.pin();
        Buffer later = living(64, 5, 6);
        assertThat(ArenaPlanner.plan(List.of(result, later))).isEqualTo(128);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void buffersThatLiveTogetherDoNotOverlap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Buffer> buffers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int first = random.nextInt(50);
            buffers.add(living(1 + random.nextInt(5000), first, first + random.nextInt(10)));
        }
        long end = ArenaPlanner.plan(buffers);
        for (Buffer one : buffers) {
            assertThat(one.arenaOffset() % 64).isZero();
            assertThat(one.arenaOffset() + one.bytes()).isLessThanOrEqualTo(end);
            for (Buffer other : buffers) {
                boolean apart = one.arenaOffset() + one.bytes() <= other.arenaOffset()
                        || other.arenaOffset() + other.bytes() <= one.arenaOffset();
                assertThat(one == other || apart || !one.livesBeside(other))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    private static Buffer living(long bytes, int first, int last) {
        Buffer buffer = Buffer.inArena(bytes);
        buffer.touch(first);
        buffer.touch(last);
        return buffer;
    }
}
