package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** A session that can time each step of a run. */
public interface ProfilingSession extends Session {
    /**
     * Runs once and times every step. The timing itself costs well under 1 %.
     *
     * @param inputs the graph's inputs by name
     * @param outputs names of the requested outputs
     * @return the steps in the order of execution
     */
    List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs);
}
