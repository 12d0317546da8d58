package io.github.hiera4j.model.tensor;

import io.github.hiera4j.model.HieraException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/** The element types that checkpoints and backends exchange, little-endian in memory. */
public enum DType {
    /** IEEE 754 binary64. */
    FLOAT64("float64", 8),
    /** IEEE 754 binary32. */
    FLOAT32("float32", 4),
    /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
    FLOAT16("float16", 2),
    /** The upper half of a float32: 8 bits of exponent, 7 of fraction. */
    BFLOAT16("bfloat16", 2),
    /** Signed 64-bit integer. */
    INT64("int64", 8),
    /** Signed 32-bit integer. */
    INT32("int32", 4),
    /** Signed 16-bit integer. */
    INT16("int16", 2),
    /** Signed 8-bit integer. */
    INT8("int8", 1),
    /** Unsigned 8-bit integer. */
    UINT8("uint8", 1),
    /** One byte: 0 or 1. */
    BOOL("bool", 1);

    private final String label;
    private final int bytes;

    DType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /**
     * Finds a type by its PyTorch name ({@code float32}, {@code bfloat16}, …).
     *
     * @param label the label used in files and commands
     * @return the type
     */
    public static DType parse(String label) {
        for (DType type : values()) {
            if (type.label.equals(label.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        throw new HieraException("unknown dtype '" + label + "': expected one of " + Arrays.toString(values()));
    }

    /**
     * Finds a type in which a model can be run: one of {@link #forComputing}, or {@code int8}.
     *
     * @param label the name
     * @return the type
     * @throws HieraException if it is none of these
     */
    public static DType forRunning(String label) {
        return label.equalsIgnoreCase(INT8.label) ? INT8 : forComputing(label);
    }

    /**
     * Finds a type that engines compute in: {@code float32}, {@code bfloat16} or {@code float16}, also as {@code fp32},
     * {@code bf16} and {@code fp16}.
     *
     * @param label the label used in files and commands
     * @return the type
     * @throws HieraException if it is none of these
     */
    public static DType forComputing(String label) {
        return switch (label.toLowerCase(Locale.ROOT)) {
            case "float32", "fp32" -> FLOAT32;
            case "bfloat16", "bf16" -> BFLOAT16;
            case "float16", "fp16" -> FLOAT16;
            default ->
                throw new HieraException("unknown dtype '" + label + "': expected float32 (fp32), bfloat16 (bf16) or"
                        + " float16 (fp16)");
        };
    }

    /** {@return the number of bytes of an element} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether it is a floating-point type} */
    public boolean isFloating() {
        return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
    }

    /**
     * Reads the element at a byte position of a little-endian buffer as a double, which represents every float type exactly.
     *
     * @param buffer little-endian
     * @param position bytes from the start
     * @return the element
     */
    public double get(ByteBuffer buffer, int position) {
        return switch (this) {
            case FLOAT64 -> buffer.getDouble(position);
            case FLOAT32 -> buffer.getFloat(position);
            case FLOAT16 -> HalfPrecision.fromFloat16(buffer.getShort(position));
            case BFLOAT16 -> HalfPrecision.fromBfloat16(buffer.getShort(position));
            case INT64 -> buffer.getLong(position);
            case INT32 -> buffer.getInt(position);
            case INT16 -> buffer.getShort(position);
            case INT8 -> buffer.get(position);
            case UINT8 -> buffer.get(position) & 0xff;
            case BOOL -> buffer.get(position) == 0 ? 0 : 1;
        };
    }

    /**
     * Writes a value, rounded to nearest even for the float types and saturated for the integers.
     *
     * @param buffer little-endian
     * @param position bytes from the start
     * @param value the value; for {@code BOOL}, 0 is false and anything else true
     */
    public void put(ByteBuffer buffer, int position, double value) {
        switch (this) {
            case FLOAT64 -> buffer.putDouble(position, value);
            case FLOAT32 -> buffer.putFloat(position, (float) value);
            case FLOAT16 -> buffer.putShort(position, HalfPrecision.toFloat16((float) value));
            case BFLOAT16 -> buffer.putShort(position, HalfPrecision.toBfloat16((float) value));
            case INT64 -> buffer.putLong(position, Math.round(value));
            case INT32 -> buffer.putInt(position, (int) Math.rint(value));
            case INT16 -> buffer.putShort(position, (short) Math.max(-32768, Math.min(32767, Math.rint(value))));
            case INT8 -> buffer.put(position, (byte) Math.max(-128, Math.min(127, Math.rint(value))));
            case UINT8 -> buffer.put(position, (byte) (int) Math.max(0, Math.min(255, Math.rint(value))));
            case BOOL -> buffer.put(position, (byte) (value == 0 ? 0 : 1));
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
