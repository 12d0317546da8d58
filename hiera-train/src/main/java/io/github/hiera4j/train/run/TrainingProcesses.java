package io.github.hiera4j.train.run;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.distributed.ProcessPlace;
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
