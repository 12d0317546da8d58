package io.github.hiera4j.model.tensor;

/** IEEE half precision and bfloat16, converted to and from float with round to nearest even (Java 17 has neither). */
public final class HalfPrecision {
    private HalfPrecision() {}

    /**
     * Converts a bfloat16, which is the upper half of a float.
     *
     * @param bits 16 bits of a bfloat16
     * @return the exact value
     */
    public static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /**
     * {@return the nearest bfloat16, ties to even}
     *
     * @param value any value; NaN stays NaN
     */
    public static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x0040); // keep it a NaN even if only low bits were set
        }
        int roundToEven = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + roundToEven) >>> 16);
    }

    /**
     * {@return the exact value}
     *
     * @param half 16 bits of a float16
     */
    public static float fromFloat16(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = mantissa * 0x1p-24f; // zero and subnormals
            return sign == 0 ? magnitude : -magnitude;
        }
        int floatExponent = exponent == 31 ? 255 : exponent + (127 - 15);
        return Float.intBitsToFloat(sign | (floatExponent << 23) | (mantissa << 13));
    }

    /**
     * {@return the nearest float16, ties to even}
     *
     * @param value any value; NaN stays NaN
     */
    public static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 65520f) { // halfway between the largest half and the next power of two
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24)); // subnormal: a multiple of 2^-24
        }
        int magnitudeBits = bits & 0x7fffffff;
        int roundToEven = 0xfff + ((magnitudeBits >>> 13) & 1);
        return (short) (sign | ((magnitudeBits + roundToEven - ((127 - 15) << 23)) >>> 13));
    }
}
