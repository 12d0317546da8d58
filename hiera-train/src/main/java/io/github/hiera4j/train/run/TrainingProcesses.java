package io.github.hiera4j.train.run;

import io.github.hiera4j.torch.TorchThreads;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.distributed.ProcessPlace;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.Map;

/** The processes that train together, as environment variables describe them; close it when the training has ended. */
public final class TrainingProcesses implements AutoCloseable {
    /** The variable with the seconds that a process waits for another one. */
    public static final String TIMEOUT_VARIABLE = ProcessPlace.TIMEOUT;

    /** How long a process waits for another one where the variable is not set, in seconds. */
    public static final int DEFAULT_TIMEOUT = ProcessPlace.DEFAULT_TIMEOUT_SECONDS;

    private final ProcessGroup group;

    private TrainingProcesses(ProcessGroup group) {
        this.group = group;
    }

    /**
     * Sets how many threads libtorch's matrix products in float32 use in this process, which the recipe's {@code threads} alone cannot
     * do for one trainer: for programs in which nothing else computes. Where the recipe names no number, products of a small model use
     * one thread: they take less time than waking more threads, which also wait for each other where the processor is shared.
     *
     * @param recipe all settings of the training
     */
    public static void limitThreads(Recipe recipe) {
        int threads = recipe.run().threads();
        if (threads > 0) {
            TorchThreads.multiplyOn(threads);
        } else if (Models.isSmall(recipe.model().name())) {
            TorchThreads.multiplyOn(1);
        }
    }

    /**
     * How many processes train together.
     *
     * @param environment {@code RANK}, {@code WORLD_SIZE}, {@code MASTER_ADDR}, {@code MASTER_PORT}, …
     * @return 1 where the variables are not set
     * @throws io.github.hiera4j.model.HieraException if only some of them are set, or one is out of its range
     */
    public static int count(Map<String, String> environment) {
        return ProcessPlace.of(environment).map(ProcessPlace::size).orElse(1);
    }

    /**
     * Meets the other processes; returns at once where there are none.
     *
     * @param environment as for {@link #count}
     * @return the processes
     * @throws io.github.hiera4j.model.HieraException if they do not come in time
     */
    public static TrainingProcesses join(Map<String, String> environment) {
        return new TrainingProcesses(
                ProcessPlace.of(environment).map(ProcessGroup::join).orElseGet(ProcessGroup::alone));
    }

    /** {@return whether this process writes files and speaks to people} */
    public boolean isFirst() {
        return group.isFirst();
    }

    ProcessGroup group() {
        return group;
    }

    @Override
    public void close() {
        group.close();
    }
}
