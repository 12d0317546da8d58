package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** A session that can say where the time of a run goes. */
public interface ProfilingSession extends Session {
    /**
     * Runs once, timing every step; the steps stand in the order of execution. Timing itself costs well under 1 %.
     *
     * @param inputs what the graph is fed, by name
     * @param outputs names of the outputs that are requested
     * @return the steps in the order of execution
     */
    List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs);
}
