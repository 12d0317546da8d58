package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** A session that can say where the time of a run goes. */
public interface ProfilingSession extends Session {
    /** Runs once, timing every step; the steps stand in the order of execution. Timing itself costs well under 1 %. */
    List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs);
}
