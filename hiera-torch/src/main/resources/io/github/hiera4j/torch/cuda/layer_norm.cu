// Normalises rows: (x - mean) / sqrt(variance + epsilon) * weight + bias. A warp computes a row, and reads it from the cache after the
// first time. Elements are FLOAT32, FLOAT16 or BFLOAT16; sums are float32. Needs no headers, which not every installation has.

#if defined(FLOAT32)
typedef float Element;

__device__ float toFloat(Element value) { return value; }

__device__ Element fromFloat(float value) { return value; }
#elif defined(FLOAT16)
typedef unsigned short Element;

__device__ float toFloat(Element value) {
    float result;
    asm("cvt.f32.f16 %0, %1;" : "=f"(result) : "h"(value));
    return result;
}

__device__ Element fromFloat(float value) {
    Element result;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(result) : "f"(value));
    return result;
}
#elif defined(BFLOAT16)
typedef unsigned short Element;

__device__ float toFloat(Element value) { return __uint_as_float((unsigned) value << 16); }

// Rounds to the nearest, halves to even.
__device__ Element fromFloat(float value) {
    unsigned bits = __float_as_uint(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return 0x7fc0; // NaN
    }
    return (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
}
#endif

struct __align__(4 * sizeof(Element)) Four {
    Element values[4];
};

// The sum over the lanes of a warp, in every lane.
__device__ float overWarp(float value) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(0xffffffffu, value, distance);
    }
    return value;
}

extern "C" __global__ void __launch_bounds__(256) layerNorm(
        const Four *x, const Four *weight, const Four *bias, Four *result, long long rows, int quarters, float epsilon) {
    long long row = (blockIdx.x * (long long) blockDim.x + threadIdx.x) / 32;
    int lane = threadIdx.x % 32;
    if (row >= rows) {
        return; // the whole warp
    }
    const Four *in = x + row * quarters;
    float channels = 4.f * quarters;
    float sum = 0;
    for (int i = lane; i < quarters; i += 32) {
        Four part = in[i];
        for (int k = 0; k < 4; k++) {
            sum += toFloat(part.values[k]);
        }
    }
    float mean = overWarp(sum) / channels;
    float squares = 0;
    for (int i = lane; i < quarters; i += 32) {
        Four part = in[i];
        for (int k = 0; k < 4; k++) {
            float difference = toFloat(part.values[k]) - mean;
            squares += difference * difference;
        }
    }
    float factor = rsqrtf(overWarp(squares) / channels + epsilon);
    for (int i = lane; i < quarters; i += 32) {
        Four part = in[i];
        Four factors = weight[i];
        Four summands = bias[i];
        Four normalised;
        for (int k = 0; k < 4; k++) {
            float value = (toFloat(part.values[k]) - mean) * factor;
            normalised.values[k] = fromFloat(value * toFloat(factors.values[k]) + toFloat(summands.values[k]));
        }
        result[row * quarters + i] = normalised;
    }
}
