package io.github.hiera4j.onednn;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.ThreadEnd;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.natives.OpenMp;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.InstructionSet;
import io.github.hiera4j.onednn.primitive.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Compiled inference on a CPU, in float32, bfloat16 or, for weights with scales, int8.
 *
 * <p>The first run of each batch size prepares a plan for it (tens of milliseconds); later runs reuse it.
 */
public final class OneDnnBackend implements Backend {
    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public Availability availability() {
        try {
            return Availability.usable(Dnnl.describe());
        } catch (LinkageError | RuntimeException fault) {
            return Availability.unusable("oneDNN's native library cannot be loaded: " + fault.getMessage());
        }
    }

    @Override
    public int priority() {
        return 60;
    }

    @Override
    public Availability supports(CompileOptions options) {
        if (!options.device().equals("cpu")) {
            return Availability.unusable("runs on the cpu, not on " + options.device());
        }
        if (!Set.of(DType.FLOAT32, DType.BFLOAT16, DType.INT8).contains(options.dtype())) {
            return Availability.unusable("computes in float32, bfloat16 or int8, not in " + options.dtype());
        }
        Availability library = availability();
        if (library.usable() && !InstructionSet.effective().computes(options.dtype())) {
            return Availability.unusable("has no " + options.dtype() + " kernels for this processor ("
                    + InstructionSet.effective().description() + ")");
        }
        return library;
    }

    /** int8 if the processor multiplies integers faster, then bfloat16 if it has hardware support, then float32. */
    @Override
    public List<DType> typesBySpeed(String device) {
        List<DType> types = new ArrayList<>();
        for (DType type : List.of(DType.INT8, DType.BFLOAT16, DType.FLOAT32)) {
            boolean emulated = type == DType.BFLOAT16 && !(availability().usable() && hasFastBfloat16());
            if (!emulated && supports(new CompileOptions(type, device, 0)).usable()) {
                types.add(type);
            }
        }
        return types.isEmpty() ? List.of(DType.FLOAT32) : types;
    }

    /** {@return whether this processor computes bfloat16 in hardware, which makes it the faster choice} */
    public static boolean hasFastBfloat16() {
        return InstructionSet.effective().hasFastBfloat16();
    }

    /** Tries to set the number of threads on a separate thread, which has its own settings. */
    private static boolean threadsCanBeSet() {
        AtomicBoolean set = new AtomicBoolean();
        Thread trial = new Thread(() -> set.set(OpenMp.setThreads(1)), "hiera-onednn-trial");
        trial.start();
        ThreadEnd.await(List.of(trial));
        return set.get();
    }

    @Override
    public OneDnnSession compile(Graph graph, WeightSource weights, CompileOptions options) {
        Availability support = supports(options);
        if (!support.usable()) {
            throw new UnsupportedException(
                    "backend 'onednn' " + support.detail() + ": use float32 on the cpu, or backend 'torch'");
        }
        Precision precision = Precision.of(options.dtype());
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        if (options.threads() != 0 && !threadsCanBeSet()) {
            throw new UnsupportedException(
                    "backend 'onednn' cannot set its number of threads here: leave it at 0, and set the"
                            + " environment variable OMP_NUM_THREADS=" + threads + " instead");
        }
        Weights packed = new Weights(graph, weights, precision.integers());
        try {
            return new OneDnnSession(graph, packed, precision, threads);
        } catch (RuntimeException | Error fault) {
            packed.close();
            throw fault;
        }
    }
}
