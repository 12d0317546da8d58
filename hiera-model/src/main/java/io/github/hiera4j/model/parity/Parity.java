package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs golden cases on a backend and compares everything they state. */
public final class Parity {
    static final double FLOAT32_TOLERANCE = 5e-6;

    private Parity() {}

    /**
     * {@return the largest relative L2 error allowed for a case} In float32 the reference itself deviates by 2e-7 to 6e-7 from the
     * float64 figures; in half precision by 0.009 to 0.012, and for nano configurations by up to 0.017.
     *
     * @param golden the case with the reference's figures
     * @param dtype the element type
     */
    public static double tolerance(ParityCase golden, DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> 1e-10;
            case FLOAT32 -> FLOAT32_TOLERANCE;
            default -> golden.halfTolerance();
        };
    }

    /**
     * Runs a case and compares every stated tensor.
     *
     * @param golden the case with the reference's figures
     * @param backend the backend
     * @param options element type, device and threads
     * @return the worst errors by tensor
     */
    public static ParityResult run(ParityCase golden, Backend backend, CompileOptions options) {
        Map<String, HostTensor> outputs = new LinkedHashMap<>(golden.derived());
        outputs.putAll(golden.compute(backend, options));
        List<TensorDifference> differences = new ArrayList<>();
        golden.expected()
                .forEach((name, summary) ->
                        differences.add(summary.compare(name, Objects.requireNonNull(outputs.get(name)))));
        return new ParityResult(golden.name(), differences, tolerance(golden, options.dtype()));
    }
}
