package io.github.hiera4j.model.testing;

import static org.assertj.core.api.Assertions.fail;

import io.github.hiera4j.model.HieraException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Damages files randomly in a loop: the only permitted failure is a {@link HieraException} with a printable one-line message.
 *
 * <p>The seed is printed; set the system property {@code hiera.fuzz.seed} to repeat a run and {@code hiera.fuzz.seconds} to
 * lengthen it, as the profile {@code slow} does.
 */
public final class Fuzzing {
    private static final int LONGEST_MESSAGE = 2000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** An attempt with damaged input. */
    @FunctionalInterface
    public interface Attempt {
        void run(Random random) throws Exception;
    }

    private Fuzzing() {}

    /**
     * Repeats attempts until the time has elapsed or enough were made.
     *
     * @param seconds maximum time, unless the system property sets another
     * @param most maximum number of attempts
     */
    public static void run(String subject, double seconds, int most, Attempt attempt) {
        long seed = Long.getLong("hiera.fuzz.seed", System.nanoTime());
        double limit = Double.parseDouble(System.getProperty("hiera.fuzz.seconds", Double.toString(seconds)));
        long end = System.nanoTime() + (long) (limit * 1e9);
        int attempts = 0;
        int refused = 0;
        while (attempts < most && System.nanoTime() < end) {
            long own = seed + attempts++;
            refused += isRefused(subject, own, attempt) ? 1 : 0;
        }
        System.out.printf(
                Locale.ROOT, "fuzzed %s: %d attempts, %d refused, seed %d%n", subject, attempts, refused, seed);
    }

    private static boolean isRefused(String subject, long seed, Attempt attempt) {
        try {
            attempt.run(new Random(seed));
            return false;
        } catch (HieraException expected) {
            String message = expected.getMessage();
            boolean printable =
                    message.length() <= LONGEST_MESSAGE && message.codePoints().noneMatch(Character::isISOControl);
            if (!printable) {
                fail(
                        "%s, hiera.fuzz.seed=%d: an unfit message of %d characters: %.300s",
                        subject, seed, message.length(), message);
            }
            return true;
        } catch (Exception | OutOfMemoryError | StackOverflowError fault) {
            throw new AssertionError(subject + ", hiera.fuzz.seed=" + seed + ": " + fault, fault);
        }
    }

    /** Returns bytes with a few changes: bits, words, cuts, repeats, extremes. */
    public static byte[] damaged(byte[] bytes, Random random) {
        byte[] copy = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int change = 0; change < changes && copy.length > 8; change++) {
            int at = random.nextInt(copy.length);
            switch (random.nextInt(8)) {
                case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> copy[at] = (byte) random.nextInt(256);
                case 2 -> copy = java.util.Arrays.copyOf(copy, at);
                case 3 -> ByteBuffer.wrap(copy).putInt(Math.min(at, copy.length - 4), extreme(random));
                case 4 -> ByteBuffer.wrap(copy).putLong(Math.min(at, copy.length - 8), (long) extreme(random) << 32);
                case 5 -> {
                    int from = random.nextInt(copy.length);
                    int length = Math.min(random.nextInt(64), copy.length - Math.max(from, at));
                    System.arraycopy(copy, from, copy, at, Math.max(0, length));
                }
                case 6 -> copy = without(copy, at, random.nextInt(32));
                default -> copy = repeated(copy, at, random.nextInt(64));
            }
        }
        return copy;
    }

    private static int extreme(Random random) {
        int[] values = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff, 0x10000, random.nextInt()};
        return values[random.nextInt(values.length)];
    }

    private static byte[] without(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] shorter = new byte[bytes.length - (end - at)];
        System.arraycopy(bytes, 0, shorter, 0, at);
        System.arraycopy(bytes, end, shorter, at, bytes.length - end);
        return shorter;
    }

    private static byte[] repeated(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] longer = new byte[bytes.length + (end - at)];
        System.arraycopy(bytes, 0, longer, 0, end);
        System.arraycopy(bytes, at, longer, end, bytes.length - at);
        return longer;
    }

    /** Returns a JSON tree with one to three values removed, replaced, or moved. */
    public static JsonNode damaged(JsonNode root, Random random) {
        JsonNode copy = root.deepCopy();
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes; change++) {
            List<JsonNode> containers = new ArrayList<>();
            collect(copy, containers);
            JsonNode chosen = containers.get(random.nextInt(containers.size()));
            if (chosen instanceof ObjectNode object && !object.isEmpty()) {
                List<String> names = new ArrayList<>();
                object.properties().stream().map(Map.Entry::getKey).forEach(names::add);
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(4)) {
                    case 0 -> object.remove(name);
                    case 1 -> object.set("\u0007odd\n" + "x".repeat(random.nextInt(400)), object.remove(name));
                    default -> object.set(name, odd(object.get(name), random));
                }
            } else if (chosen instanceof ArrayNode array && !array.isEmpty()) {
                int at = random.nextInt(array.size());
                switch (random.nextInt(4)) {
                    case 0 -> array.remove(at);
                    case 1 -> array.add(array.get(at).deepCopy());
                    default -> array.set(at, odd(array.get(at), random));
                }
            }
        }
        return copy;
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(inner -> collect(inner, containers));
        }
    }

    private static JsonNode odd(JsonNode old, Random random) {
        return switch (random.nextInt(14)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(-1);
            case 2 -> NODES.numberNode(0);
            case 3 -> NODES.numberNode(Integer.MAX_VALUE);
            case 4 -> NODES.numberNode(Long.MAX_VALUE);
            case 5 -> NODES.numberNode(1e300);
            case 6 -> NODES.stringNode("\u001b[31mtext\n" + "y".repeat(random.nextInt(3000)));
            case 7 -> NODES.booleanNode(random.nextBoolean());
            case 8 -> NODES.arrayNode();
            case 9 -> NODES.objectNode();
            case 10 -> NODES.arrayNode().add(old.deepCopy()).add(old.deepCopy());
            case 11 -> NODES.numberNode(random.nextDouble() * 100);
            case 12 -> NODES.numberNode(1 + random.nextInt(20));
            default ->
                old.isNumber() ? NODES.numberNode(old.doubleValue() * (1 << random.nextInt(12))) : NODES.numberNode(7);
        };
    }
}
