package io.github.hiera4j.onednn.primitive;

import io.github.hiera4j.model.tensor.DType;
import java.util.Arrays;
import java.util.Comparator;
import org.bytedeco.dnnl.global.dnnl;

/** The vector instruction sets that oneDNN distinguishes, in ascending order. */
public enum InstructionSet {
    SSE41(dnnl.dnnl_cpu_isa_sse41, "SSE 4.1", false),
    AVX(dnnl.dnnl_cpu_isa_avx, "AVX", false),
    AVX2(dnnl.dnnl_cpu_isa_avx2, "AVX2", false),
    AVX2_VNNI(dnnl.dnnl_cpu_isa_avx2_vnni, "AVX2 with VNNI", false),
    AVX512(dnnl.dnnl_cpu_isa_avx512_core, "AVX-512", false),
    AVX512_VNNI(dnnl.dnnl_cpu_isa_avx512_core_vnni, "AVX-512 with VNNI", false),
    AVX512_BF16(dnnl.dnnl_cpu_isa_avx512_core_bf16, "AVX-512 with bfloat16", true),
    AVX512_FP16(dnnl.dnnl_cpu_isa_avx512_core_fp16, "AVX-512 with bfloat16 and float16", true),
    AMX(dnnl.dnnl_cpu_isa_avx512_core_amx, "AMX with bfloat16", true),
    AMX_FP16(dnnl.dnnl_cpu_isa_avx512_core_amx_fp16, "AMX with bfloat16 and float16", true),
    UNKNOWN(0, "an unknown instruction set", false);

    private final int flags;
    private final String description;
    private final boolean fastBfloat16;

    InstructionSet(int flags, String description, boolean fastBfloat16) {
        this.flags = flags;
        this.description = description;
        this.fastBfloat16 = fastBfloat16;
    }

    /** Returns the most advanced one that this processor supports. */
    public static InstructionSet effective() {
        int flags = dnnl.dnnl_get_effective_cpu_isa();
        return Arrays.stream(values())
                .filter(set -> set != UNKNOWN && (flags & set.flags) == set.flags)
                .max(Comparator.comparingInt(Enum::ordinal))
                .orElse(UNKNOWN);
    }

    /** Returns the usual name: {@code AVX-512 with bfloat16}. */
    public String description() {
        return description;
    }

    /**
     * Returns whether oneDNN has kernels for an element type: every processor computes in float32; int8 needs AVX2, bfloat16 needs AVX-512
     * (where it is emulated) or better.
     */
    public boolean computes(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> true;
            case INT8 -> compareTo(AVX2) >= 0 && this != UNKNOWN;
            case BFLOAT16 -> compareTo(AVX512) >= 0 && this != UNKNOWN;
            default -> false;
        };
    }

    /** Returns whether bfloat16 matrix products run in hardware; otherwise they are emulated and slower than float32. */
    public boolean hasFastBfloat16() {
        return fastBfloat16;
    }
}
