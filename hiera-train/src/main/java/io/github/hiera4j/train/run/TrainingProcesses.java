package io.github.hiera4j.train.run;

import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TorchThreads;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.distributed.ProcessPlace;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.Map;

/** The processes that train together, described by environment variables. Close it at the end of the training. */
public final class TrainingProcesses implements AutoCloseable {
    /** The variable for the time that a process waits for another one, in seconds. */
    public static final String TIMEOUT_VARIABLE = ProcessPlace.TIMEOUT;

    /** The default time that a process waits for another one, in seconds. */
    public static final int DEFAULT_TIMEOUT = ProcessPlace.DEFAULT_TIMEOUT_SECONDS;

    private final ProcessGroup group;

    private TrainingProcesses(ProcessGroup group) {
        this.group = group;
    }

    /**
     * Sets the number of threads that libtorch's float32 matrix products use in the whole process, which the recipe's {@code threads}
     * cannot do for a single trainer. For programs in which nothing else computes. If the recipe does not set a number, products of a
     * small model use one thread: they take less time than waking more threads, which also wait for each other on a shared processor.
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
     * Checks that the device of a recipe exists, before anything else is done.
     *
     * @param recipe all settings of the training
     * @throws io.github.hiera4j.model.HieraException if it does not
     */
    public static void requireDevice(Recipe recipe) {
        NativeTensors.requireDevice(recipe.run().device());
    }

    /**
     * Returns the number of processes that train together.
     *
     * @param environment {@code RANK}, {@code WORLD_SIZE}, {@code MASTER_ADDR}, {@code MASTER_PORT}, …
     * @return the number; 1 if the variables are not set
     * @throws io.github.hiera4j.model.HieraException if only some of them are set, or one is out of range
     */
    public static int count(Map<String, String> environment) {
        return ProcessPlace.of(environment).map(ProcessPlace::size).orElse(1);
    }

    /**
     * Connects to the other processes; returns at once if there are none.
     *
     * @param environment as for {@link #count}
     * @return the processes
     * @throws io.github.hiera4j.model.HieraException if they do not connect in time
     */
    public static TrainingProcesses join(Map<String, String> environment) {
        return new TrainingProcesses(
                ProcessPlace.of(environment).map(ProcessGroup::join).orElseGet(ProcessGroup::alone));
    }

    /** {@return whether this process writes files and reports to the user} */
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
