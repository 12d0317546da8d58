package io.github.hiera4j.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Reads copies of intact files in which bytes are changed, removed or truncated. Arguments: a working directory, the seed, the
 * number of copies, then the files.
 */
final class MutatedFiles {
    private MutatedFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        RandomGenerator random = new SplittableRandom(Long.parseLong(arguments[1]));
        int copies = Integer.parseInt(arguments[2]);
        List<String> files = new ArrayList<>(Arrays.asList(arguments).subList(3, arguments.length));
        BrokenFiles.loadNatives();
        long slowest = 0;
        int refused = 0;
        for (int i = 0; i < copies; i++) {
            String file = files.get(random.nextInt(files.size()));
            byte[] mutated = mutate(Files.readAllBytes(Path.of(file)), random);
            Path copy = folder.resolve("copy" + (i % 2));
            Files.write(copy, mutated);
            long start = BrokenFiles.processorMilliseconds();
            String outcome = BrokenFiles.read(copy);
            slowest = Math.max(slowest, BrokenFiles.processorMilliseconds() - start);
            refused += outcome.startsWith("refused") ? 1 : 0;
            if (outcome.lines().count() != 1) {
                throw new AssertionError("more than one line about copy " + i + " of " + file + ": " + outcome);
            }
        }
        System.out.println("refused\t" + refused);
        System.out.println("slowest\t" + slowest);
        System.out.println("held\t" + MediaMemory.liveNativeBytes());
        System.out.println("peak\t" + BrokenFiles.peakKilobytes());
    }

    private static byte[] mutate(byte[] file, RandomGenerator random) {
        byte[] bytes = file.clone();
        int reach = random.nextBoolean()
                ? Math.min(bytes.length, 600)
                : bytes.length; // half of the changes are in the header
        int changes = 1 << random.nextInt(5);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(reach);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> withoutMiddle(bytes, random);
            default -> bytes;
        };
    }

    private static byte[] withoutMiddle(byte[] bytes, RandomGenerator random) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(2000));
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, shorter, from, bytes.length - to);
        return shorter;
    }
}
