package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.onednn.primitive.Buffer;
import java.util.List;

/** One entry of a plan. */
public interface Step {
    /** The graph node that it belongs to. */
    String node();

    /** The kind of operation, for profiles. */
    String kind();

    /** The name of its kernel. */
    String implementation();

    /** Multiply–accumulate operations. */
    long multiplyAccumulates();

    /** Every buffer it reads or writes. */
    List<Buffer> buffers();

    /** Binds the step to the memory of one execution context; the result allocates nothing when it runs. */
    Bound bind(ExecutionContext context);

    /** A step bound to its memory. */
    interface Bound {
        void run();
    }
}
