package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.torch.TensorScope;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Measures how fast processes sum a vector when they do nothing else. */
public final class ExchangeSpeed {
    private static final int ROUNDS = 5;

    private ExchangeSpeed() {}

    /**
     * Measures the sum of a float32 vector; a collective call.
     *
     * @param group more than one process
     * @param elements number of elements of the vector
     * @return the median duration of a sum in seconds, as measured by this process
     */
    public static double seconds(ProcessGroup group, long elements) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            Tensor vector = scope.own(torch.zeros(new long[] {elements}, new TensorOptions(ScalarType.Float)));
            double[] seconds = new double[ROUNDS];
            group.sum(vector).await(); // creates connections and buffers
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
