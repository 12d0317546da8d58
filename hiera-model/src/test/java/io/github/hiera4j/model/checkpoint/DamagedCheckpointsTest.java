package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class DamagedCheckpointsTest {
    private static final int ROUNDS = Integer.getInteger("hiera.damage.rounds", 40);
    private static final long SEED = Long.getLong("hiera.damage.seed", 20230606);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nano_official.pth",
                "nano_official_legacy.pth",
                "nano_official_bf16.pth",
                "nano_ddp_training.pth",
                "nano_views.pth",
                "nano_video_official.pth",
                "mae_nano_official.pth",
                "hf_nano/model.safetensors",
                "hf_mae_nano/model.safetensors",
                "timm_nano_abswin/model.safetensors",
                "timm_nano_abswin/config.json",
                "timm_nano/config.json",
                "hf_mae_nano/config.json",
                "hub_official_nano/config.json"
            })
    void damageIsReportedOrHarmlessNeverACrash(String name) throws IOException {
        Path original = Fixtures.checkpoint(name);
        byte[] bytes = Files.readAllBytes(original);
        boolean config = name.endsWith("config.json");
        if (config) {
            Files.copy(original.resolveSibling("model.safetensors"), directory.resolve("model.safetensors"));
        }
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long seed = SEED + round;
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Path file = directory.resolve(config ? "config.json" : "damaged");
            Files.write(file, damage(bytes, random, config));
            refused += readsOrRefuses(config ? directory : file, name + ", seed " + seed) ? 0 : 1;
        }
        assertThat(refused).as("refused of %d, seed %d", ROUNDS, SEED).isPositive();
    }

    /** Truncates the file or flips bits: half of the time in the structure at the beginning or the end. */
    private static byte[] damage(byte[] original, RandomGenerator random, boolean small) {
        if (random.nextInt(5) == 0) {
            return Arrays.copyOf(original, random.nextInt(original.length));
        }
        byte[] bytes = original.clone();
        int flips = 1 + random.nextInt(small ? 2 : 8);
        for (int flip = 0; flip < flips; flip++) {
            int reach = Math.min(bytes.length, random.nextBoolean() ? 16_384 : bytes.length);
            int position = random.nextInt(reach);
            int index = random.nextInt(3) == 0 ? bytes.length - 1 - position : position;
            bytes[index] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static boolean readsOrRefuses(Path path, String what) {
        long started = System.nanoTime();
        boolean read = false;
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            checkpoint.weights().names().forEach(checkpoint.weights()::read);
            read = true;
        } catch (HieraException e) {
            assertThat(e.getMessage()).as(what).contains(path.toString()).doesNotContain("\n");
        } catch (RuntimeException | Error e) {
            fail(what, e);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started)).as(what).isLessThan(Duration.ofSeconds(5));
        return read;
    }
}
