package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.onednn.primitive.Buffer;
import java.util.List;

/** One entry of a plan. */
public interface Step {
    /** The graph node it works for. */
    String node();

    /** What it does, for profiles. */
    String kind();

    /** The kernel that does it. */
    String implementation();

    /** Multiply–accumulate operations. */
    long multiplyAccumulates();

    /** Every buffer it reads or writes. */
    List<Buffer> buffers();

    /** Ties the step to the memory of one execution context; what it returns allocates nothing when it runs. */
    Bound bind(ExecutionContext context);

    /** A step with its memory. */
    interface Bound {
        void run();
    }
}
