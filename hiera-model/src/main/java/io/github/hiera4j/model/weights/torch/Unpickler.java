package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.torch.PickleContainer.Dictionary;
import io.github.hiera4j.model.weights.torch.PickleContainer.Sequence;
import io.github.hiera4j.model.weights.torch.PickleGlobals.None;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A pickle interpreter that can build only tensors and plain containers.
 *
 * <p>Values are Long, BigInteger, Double, Boolean, String, byte[], {@link None}, {@link PickleContainer},
 * {@link TorchTensor}, {@link TorchStorage} and the names of {@link PickleGlobals}. Steps, memo, stack and nesting are
 * bounded. Source: the opcode table of Python's pickletools.
 */
public final class Unpickler {
    private static final int MOST_STEPS = 2_000_000;
    private static final int MOST_ON_STACK = 500_000;
    private static final int MOST_MARKS = 1_000;
    private static final int LONGEST_NUMBER = 64;

    /** Maximum number of bytes that calls copy: a few bytes of pickle can copy a memoised text any number of times. */
    private static final long MOST_COPIED = 16L << 20;

    private static final int HIGHEST_PROTOCOL = 5;

    private final ByteBuffer input;
    private final Function<List<Object>, TorchStorage> persistentId;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int steps;
    private long copied;

    /**
     * @param input the pickle, starting at its position; afterwards the position is after the pickle
     * @param persistentId turns the tuple of a persistent id into a storage
     */
    Unpickler(ByteBuffer input, Function<List<Object>, TorchStorage> persistentId) {
        this.input = input.order(ByteOrder.LITTLE_ENDIAN);
        this.persistentId = persistentId;
    }

    /** Reads one pickle. */
    Object load() {
        try {
            int opcode = nextByte();
            while (opcode != '.') {
                step(opcode);
                check(++steps <= MOST_STEPS, "more than %d steps", MOST_STEPS);
                check(stack.size() <= MOST_ON_STACK, "more than %d values at once", MOST_ON_STACK);
                opcode = nextByte();
            }
            return pop();
        } catch (BufferUnderflowException e) {
            throw new HieraException("the pickle ends prematurely", e);
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> check(nextByte() <= HIGHEST_PROTOCOL, "an unknown pickle protocol");
            case 0x95 -> input.getLong(); // the length of a frame, which is only relevant to buffered readers
            case '(' -> mark();
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) nextByte());
            case 'M' -> push((long) Short.toUnsignedInt(input.getShort()));
            case 'J' -> push((long) input.getInt());
            case 0x8a -> push(number(nextByte()));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(input.getLong())));
            case 'X' -> push(text(nextLength()));
            case 0x8c -> push(text(nextByte()));
            case 0x8d -> push(text(nextLongLength()));
            case 'U' -> push(new String(bytes(nextByte()), StandardCharsets.ISO_8859_1));
            case 'T' -> push(new String(bytes(nextLength()), StandardCharsets.ISO_8859_1));
            case 'B' -> push(bytes(nextLength()));
            case 'C' -> push(bytes(nextByte()));
            case ']', ')', 0x8f -> push(new Sequence());
            case '}' -> push(new Dictionary());
            case 'l', 't', 0x91 -> push(sequence(popToMark()));
            case 0x85 -> push(sequence(popSome(1)));
            case 0x86 -> push(sequence(popSome(2)));
            case 0x87 -> push(sequence(popSome(3)));
            case 'd' -> push(putAll(new Dictionary(), popToMark()));
            case 'a' -> addAll(popSome(1));
            case 'e', 0x90 -> addAll(popToMark());
            case 's' -> putAll(popSome(2));
            case 'u' -> putAll(popToMark());
            case 'c' -> push(PickleGlobals.find(line(), line()));
            case 0x93 -> stackGlobal();
            case 'R', 0x81 -> call();
            case 'b' -> build();
            case 'q' -> remember(nextByte());
            case 'r' -> remember(input.getInt());
            case 0x94 -> remember(memo.size());
            case 'h' -> push(recall(nextByte()));
            case 'j' -> push(recall(input.getInt()));
            case 'Q' -> push(persistentId.apply(pop(Sequence.class).items()));
            default ->
                throw new HieraException(String.format(
                        Locale.ROOT,
                        "refused: pickle opcode 0x%02x is not one that tensors and plain containers need",
                        opcode));
        }
    }

    private void stackGlobal() {
        String name = pop(String.class);
        push(PickleGlobals.find(pop(String.class), name));
    }

    private void call() {
        List<Object> arguments = pop(Sequence.class).items();
        copied += PickleGlobals.copiedBytes(arguments);
        check(copied <= MOST_COPIED, "refused: its calls copy more than %d bytes of text", MOST_COPIED);
        push(PickleGlobals.call(pop(), arguments));
    }

    /** Sets the state of an existing object: a namespace takes its attributes; additional attributes of an OrderedDict are dropped. */
    private void build() {
        Object state = pop();
        Object target = top();
        check(
                target instanceof Dictionary || target instanceof TorchTensor || target == None.NONE,
                "state for an object that cannot have any");
        if (target instanceof Dictionary namespace
                && namespace.isNamespace()
                && state instanceof Dictionary attributes) {
            namespace.share(attributes);
        }
    }

    private static Sequence sequence(List<Object> items) {
        Sequence sequence = new Sequence();
        items.forEach(sequence::add);
        return sequence;
    }

    private void addAll(List<Object> items) {
        check(top() instanceof Sequence, "an append to something that is not a list");
        items.forEach(((Sequence) top())::add);
    }

    private void putAll(List<Object> items) {
        check(top() instanceof Dictionary, "an entry for something that is not a dictionary");
        putAll((Dictionary) top(), items);
    }

    private static Dictionary putAll(Dictionary target, List<Object> items) {
        check(items.size() % 2 == 0, "a dictionary with a key that has no value");
        for (int i = 0; i < items.size(); i += 2) {
            check(!(items.get(i) instanceof byte[]), "a dictionary key of bytes");
            target.put(items.get(i), items.get(i + 1));
        }
        return target;
    }

    private void remember(int index) {
        check(index >= 0 && memo.size() < MOST_ON_STACK, "more than %d remembered values", MOST_ON_STACK);
        memo.put(index, top());
    }

    private Object recall(int index) {
        Object value = memo.get(index);
        if (value == null) {
            throw new HieraException("the pickle refers to a value that was not stored");
        }
        return value;
    }

    private void mark() {
        check(marks.size() < MOST_MARKS, "more than %d marks at once", MOST_MARKS);
        marks.add(stack.size());
    }

    private List<Object> popToMark() {
        check(!marks.isEmpty(), "a mark is missing");
        int from = marks.remove(marks.size() - 1);
        return popSome(stack.size() - from);
    }

    private List<Object> popSome(int count) {
        checkDepth(count);
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        checkDepth(1);
        return stack.remove(stack.size() - 1);
    }

    private <T> T pop(Class<T> type) {
        Object value = pop();
        check(type.isInstance(value), "a value does not have the type that the opcode needs");
        return type.cast(value);
    }

    private Object top() {
        checkDepth(1);
        return stack.get(stack.size() - 1);
    }

    /** Throws if a value would be popped from below the innermost mark, where values belong to an outer container. */
    private void checkDepth(int count) {
        int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
        check(count >= 0 && stack.size() - count >= floor, "the pickle pops a value that does not exist");
    }

    private Object number(int length) {
        check(length <= LONGEST_NUMBER, "a whole number of %d bytes", length);
        byte[] bytes = bytes(length);
        for (int low = 0, high = length - 1; low < high; low++, high--) {
            byte swapped = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = swapped;
        }
        BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private int nextByte() {
        return Byte.toUnsignedInt(input.get());
    }

    private int nextLength() {
        int length = input.getInt();
        check(length >= 0, "the pickle ends prematurely");
        return length;
    }

    private int nextLongLength() {
        long length = input.getLong();
        check(length >= 0 && length <= input.remaining(), "the pickle ends prematurely");
        return (int) length;
    }

    private String text(int length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) {
        check(length <= input.remaining(), "the pickle ends prematurely");
        byte[] bytes = new byte[length];
        input.get(bytes);
        return bytes;
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int next = nextByte(); next != '\n'; next = nextByte()) {
            check(line.length() < 1000, "a name of more than 1000 characters");
            line.append((char) next);
        }
        return line.toString();
    }
}
