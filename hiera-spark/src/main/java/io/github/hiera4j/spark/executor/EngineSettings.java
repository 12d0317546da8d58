package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.LoadOptionsBuilder;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.TaskContext;

/**
 * Settings of a model's engine.
 *
 * @param backend its name; empty: the fastest that works on the node
 * @param dtype a type's name, or {@code auto}
 * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param threads threads of one run; 0: those of a task
 */
public record EngineSettings(String backend, String dtype, String device, int threads) implements Serializable {
    /** The relative error of embeddings or scores that {@code auto} allows, as in the command. */
    private static final double AUTO_ERROR = 0.05;

    private boolean isAuto() {
        return dtype.toLowerCase(Locale.ROOT).equals("auto");
    }

    /** A task has one core unless {@code spark.task.cpus} is set; its runs must not use the cores of other tasks. */
    private int taskThreads() {
        TaskContext task = TaskContext.get();
        return threads > 0 || task == null ? threads : task.cpus();
    }

    /** {@return type, device and threads; {@code auto} becomes the fastest floating-point type} */
    public CompileOptions compileOptions() {
        return new CompileOptions(isAuto() ? fastestFloat() : DType.forRunning(dtype), device, taskThreads());
    }

    private DType fastestFloat() {
        Backend engine = backend.isEmpty()
                ? Backends.preferred(new CompileOptions(DType.FLOAT32, device, threads))
                : Backends.named(backend);
        return engine.typesBySpeed(device).stream()
                .filter(DType::isFloating)
                .findFirst()
                .orElse(DType.FLOAT32);
    }

    /** {@return the options of an encoder} */
    LoadOptionsBuilder loadOptions() {
        LoadOptionsBuilder options = LoadOptions.builder().compile(compileOptions());
        if (!backend.isEmpty()) {
            options.backend(backend);
        }
        return isAuto() ? options.fastestType(AUTO_ERROR) : options;
    }
}
