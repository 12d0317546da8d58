package io.github.hiera4j.torch;

import io.github.hiera4j.natives.NativeDefaults;
import java.util.Arrays;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Random numbers of one trainer, independent of the process's generator and of other trainers. They are drawn on the
 * CPU for every device, so that a seed gives the same numbers everywhere. Not thread-safe.
 */
public final class RandomSource implements AutoCloseable {
    static {
        NativeDefaults.load(torch.class);
    }

    private final Generator generator;
    private BatchShare share = BatchShare.WHOLE;
    private boolean closed;

    /**
     * Creates a generator (Mersenne Twister, as in PyTorch on the CPU) with a seed.
     *
     * @param seed determines all following numbers
     */
    public RandomSource(long seed) {
        generator = torch.createCPUGenerator(seed);
        generator.retainReference(); // no scope may free it
    }

    /**
     * Restarts with a seed.
     *
     * @param seed determines all following numbers
     */
    public void seed(long seed) {
        generator.set_current_seed(seed);
    }

    /**
     * From now on draws numbers for whole batches and returns those for the rows of this process, the same as in a single process.
     *
     * @param rows the rows of this process
     */
    public void share(BatchShare rows) {
        share = rows;
    }

    /**
     * Returns the state of the generator; the caller's scope owns it.
     *
     * @return the state
     */
    public Tensor state() {
        return generator.get_state();
    }

    /**
     * Restores a state.
     *
     * @param state a state that {@link #state} returned
     */
    public void restore(Tensor state) {
        generator.set_state(state);
    }

    /**
     * Returns factors that drop elements: each is 0 with probability {@code rate}, otherwise 1 / (1 - rate). On the device and in the element
     * type of {@code like}; the caller's scope owns them.
     */
    Tensor dropFactors(long[] sizes, double rate, Tensor like) {
        double keep = 1 - rate;
        long[] drawn = sizes.clone();
        drawn[0] *= share.processes();
        Tensor all = torch.empty(drawn, new TensorOptions(like.scalar_type()), new MemoryFormatOptional())
                .bernoulli_(keep, new GeneratorOptional(generator))
                .div_(new Scalar(keep));
        Tensor factors = share.isWhole() ? all : rows(all, share.mirroredRows(Math.toIntExact(sizes[0])));
        return like.is_cpu() ? factors : factors.to(like.device(), like.scalar_type());
    }

    private static Tensor rows(Tensor all, int[] rows) {
        long[] indices = Arrays.stream(rows).asLongStream().toArray();
        return all.index_select(0, torch.tensor(indices));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            generator.releaseReference();
        }
    }
}
