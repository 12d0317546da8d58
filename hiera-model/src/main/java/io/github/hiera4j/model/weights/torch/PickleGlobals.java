package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The allow-list: the only names that a pickle may contain, and the values that calling them builds. No Python code is ever run. */
public final class PickleGlobals {
    /** The Python value None. */
    enum None {
        NONE
    }

    /** An allowed name. */
    sealed interface Global {}

    /** A storage class, which determines the element type. */
    record StorageType(DType dtype) implements Global {}

    /** A constant such as {@code torch.float32}. */
    record Constant(DType dtype) implements Global {}

    /** A callable that builds one kind of value. */
    enum Callable implements Global {
        DICTIONARY,
        DEFAULT_DICTIONARY,
        NAMESPACE,
        SEQUENCE,
        SIZE,
        TEXT,
        ENCODE,
        TENSOR,
        TENSOR_WITH_DTYPE,
        PARAMETER,
        /** A value that is irrelevant to a model, such as a scalar of NumPy; it is read and discarded. */
        OPAQUE
    }

    private static final Map<String, Global> ALLOWED = allowed();

    private PickleGlobals() {}

    /** Looks a name up; a name that is not on the list is rejected with a message that contains it. */
    static Global find(String module, String name) {
        Global global = ALLOWED.get(module + "." + name);
        if (global == null) {
            throw new UnsupportedException("refused: the pickle names '" + Printable.of(module + "." + name)
                    + "', which is neither a tensor nor a plain container; save only the model's state_dict()");
        }
        return global;
    }

    /** Returns the maximum number of bytes that a call with these arguments copies. */
    static long copiedBytes(List<Object> arguments) {
        long bytes = 0;
        for (Object argument : arguments) {
            bytes += argument instanceof String text ? text.length() : 0;
        }
        return bytes;
    }

    /** Returns the value of a call of an allowed name with these arguments. */
    static Object call(Object function, List<Object> arguments) {
        check(function instanceof Callable, "the pickle calls something that is not a function");
        return switch ((Callable) function) {
            case DICTIONARY -> dictionary(arguments);
            case DEFAULT_DICTIONARY -> new PickleContainer.Dictionary();
            case NAMESPACE -> new PickleContainer.Dictionary(true);
            case SEQUENCE, SIZE ->
                arguments.isEmpty()
                        ? new PickleContainer.Sequence()
                        : argument(arguments, 0, PickleContainer.Sequence.class);
            case TEXT -> arguments.isEmpty() ? "" : argument(arguments, 0, String.class);
            case ENCODE -> argument(arguments, 0, String.class).getBytes(StandardCharsets.ISO_8859_1);
            case TENSOR ->
                tensor(arguments, argument(arguments, 0, TorchStorage.class).dtype());
            case TENSOR_WITH_DTYPE ->
                tensor(arguments, argument(arguments, 6, Constant.class).dtype());
            case PARAMETER -> argument(arguments, 0, TorchTensor.class);
            case OPAQUE -> None.NONE;
        };
    }

    static <T> T argument(List<Object> arguments, int index, Class<T> type) {
        check(
                index < arguments.size() && type.isInstance(arguments.get(index)),
                "the pickle calls a function with arguments that do not fit it");
        return type.cast(arguments.get(index));
    }

    private static Object dictionary(List<Object> arguments) {
        check(
                arguments.isEmpty()
                        || argument(arguments, 0, PickleContainer.Sequence.class)
                                .items()
                                .isEmpty(),
                "the pickle creates a dictionary from pairs, which no PyTorch release writes");
        return new PickleContainer.Dictionary();
    }

    private static TorchTensor tensor(List<Object> arguments, DType dtype) {
        return TorchTensor.of(
                argument(arguments, 0, TorchStorage.class),
                dtype,
                argument(arguments, 1, Long.class),
                numbers(argument(arguments, 2, PickleContainer.Sequence.class)),
                numbers(argument(arguments, 3, PickleContainer.Sequence.class)));
    }

    private static List<Long> numbers(PickleContainer.Sequence sequence) {
        List<Object> items = sequence.items();
        check(items.size() <= 16, "a tensor of %d axes", items.size());
        return items.stream()
                .map(item -> {
                    check(item instanceof Long, "a tensor's sizes and strides must be whole numbers");
                    return (Long) item;
                })
                .toList();
    }

    private static Map<String, Global> allowed() {
        Map<String, Global> names = new HashMap<>();
        names.put("collections.OrderedDict", Callable.DICTIONARY);
        names.put("argparse.Namespace", Callable.NAMESPACE);
        names.put("torch.Size", Callable.SIZE);
        names.put("torch.device", Callable.TEXT);
        names.put("_codecs.encode", Callable.ENCODE);
        for (String dictionary : List.of(
                "lightning_fabric.utilities.data.AttributeDict",
                "lightning.fabric.utilities.data.AttributeDict",
                "pytorch_lightning.utilities.parsing.AttributeDict",
                "lightning.pytorch.utilities.parsing.AttributeDict",
                "easydict.EasyDict")) {
            names.put(dictionary, Callable.DICTIONARY);
        }
        names.put("collections.defaultdict", Callable.DEFAULT_DICTIONARY);
        names.put("types.SimpleNamespace", Callable.NAMESPACE);
        for (String opaque : List.of(
                "numpy.dtype",
                "numpy.core.multiarray.scalar",
                "numpy._core.multiarray.scalar",
                "pathlib.PosixPath",
                "pathlib.PurePosixPath",
                "pathlib.WindowsPath",
                "pathlib._local.PosixPath",
                "torch.torch_version.TorchVersion")) {
            names.put(opaque, Callable.OPAQUE);
        }
        for (String builtins : List.of("builtins", "__builtin__")) {
            names.put(builtins + ".dict", Callable.DICTIONARY);
            for (String sequence : List.of("list", "tuple", "set", "frozenset")) {
                names.put(builtins + "." + sequence, Callable.SEQUENCE);
            }
        }
        names.put("torch._utils._rebuild_tensor", Callable.TENSOR);
        names.put("torch._utils._rebuild_tensor_v2", Callable.TENSOR);
        names.put("torch._utils._rebuild_tensor_v3", Callable.TENSOR_WITH_DTYPE);
        names.put("torch._utils._rebuild_parameter", Callable.PARAMETER);
        Map<String, DType> storages = Map.of(
                "DoubleStorage", DType.FLOAT64,
                "FloatStorage", DType.FLOAT32,
                "HalfStorage", DType.FLOAT16,
                "BFloat16Storage", DType.BFLOAT16,
                "LongStorage", DType.INT64,
                "IntStorage", DType.INT32,
                "ShortStorage", DType.INT16,
                "CharStorage", DType.INT8,
                "ByteStorage", DType.UINT8,
                "BoolStorage", DType.BOOL);
        storages.forEach((name, dtype) -> {
            names.put("torch." + name, new StorageType(dtype));
            names.put("torch.cuda." + name, new StorageType(dtype));
        });
        names.put("torch.storage.UntypedStorage", new StorageType(DType.UINT8));
        for (DType dtype : DType.values()) {
            names.put("torch." + dtype, new Constant(dtype));
        }
        return Map.copyOf(names);
    }
}
