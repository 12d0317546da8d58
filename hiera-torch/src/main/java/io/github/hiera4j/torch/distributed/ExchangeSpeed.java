package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.torch.TensorScope;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How fast processes add up a vector when they do nothing else. */
public final class ExchangeSpeed {
    private static final int ROUNDS = 5;

    private ExchangeSpeed() {}

    /**
     * Measures the sum of a float32 vector; a collective call.
     *
     * @param group more than one process
     * @param elements of the vector
     * @return seconds of a sum, the median; each process has its own time
     */
    public static double seconds(ProcessGroup group, long elements) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            Tensor vector = scope.own(torch.zeros(new long[] {elements}, new TensorOptions(ScalarType.Float)));
            double[] seconds = new double[ROUNDS];
            group.sum(vector).await(); // connections and buffers are made
            for (int round = 0; round < ROUNDS; round++) {
                group.sum(0.0);
                long start = System.nanoTime();
                group.sum(vector).await();
                seconds[round] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(seconds);
            return seconds[ROUNDS / 2];
        }
    }
}
