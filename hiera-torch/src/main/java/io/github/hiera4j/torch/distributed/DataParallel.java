package io.github.hiera4j.torch.distributed;

import static io.github.hiera4j.model.Check.check;

/**
 * Settings for the exchange of gradients between the processes of a training.
 *
 * @param processes the processes of the training
 * @param bfloat16 whether gradients are sent and added in bfloat16: half the bytes, 8 bits of precision
 * @param bucketElements number of elements sent at a time, at least one parameter; the first bucket is sent while the backward
 *     pass computes the others
 * @param shardedOptimizer whether each process keeps the optimiser state of only a part of the parameters, updates that part and
 *     sends it to the others (ZeRO-1: Rajbhandari et al., "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models", SC 2020)
 */
public record DataParallel(ProcessGroup processes, boolean bfloat16, long bucketElements, boolean shardedOptimizer) {
    /** 16 MB of float32: large enough for full bandwidth, small enough to start early. */
    public static final long DEFAULT_BUCKET = 1 << 22;

    /** One process. */
    public static final DataParallel ALONE = new DataParallel(ProcessGroup.alone(), false, DEFAULT_BUCKET, false);

    /**
     * Checks the size of a bucket.
     *
     * @param bfloat16 whether gradients are exchanged in bfloat16
     * @param bucketElements elements of one exchange
     * @param processes the group
     * @param shardedOptimizer whether each process keeps the optimiser state of only a part of the parameters
     */
    public DataParallel {
        check(bucketElements >= 1, "a bucket needs at least 1 element, got %d", bucketElements);
    }
}
