package io.github.hiera4j.model.backend;

/**
 * The time of one step of a run.
 *
 * @param node the graph node the step belongs to, {@code blocks.3.attn.qkv}
 * @param kind readable name of the operation: {@code Linear+GELU}
 * @param implementation the kernel the backend chose
 * @param multiplyAccumulates multiply–accumulate operations of the step, 0 if it has none
 * @param nanoseconds wall-clock time
 */
public record StepTime(String node, String kind, String implementation, long multiplyAccumulates, long nanoseconds) {
    /**
     * {@return the same step with a share of its time, for runs in which several steps execute at the same time}
     *
     * @param share 0 to 1
     */
    public StepTime times(double share) {
        return new StepTime(node, kind, implementation, multiplyAccumulates, Math.round(nanoseconds * share));
    }
}
