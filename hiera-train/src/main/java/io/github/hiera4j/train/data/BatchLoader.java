package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.optimize.Randomness;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Prepares batches ahead of time on worker threads.
 *
 * <p>A batch is determined by seed, epoch and position: the number of workers affects only the time at which it is ready. A
 * sample that cannot be read is counted and replaced by another one of the same epoch.
 *
 * <p>Memory: batches in preparation or ready take at most a given number of bytes (1 GB), or one batch if a single one is larger.
 * In addition, each worker holds the decoded frames of one sample.
 */
public final class BatchLoader implements AutoCloseable {
    private static final int SECONDS_TO_END = 60;
    private static final int MOST_REPLACEMENTS = 16;

    private static final long MOST_BYTES = 1L << 30;

    private final ExecutorService workers;
    private final int threads;
    private final long mostBytes;
    private final DamagedFiles damaged = new DamagedFiles();

    /**
     * Creates a loader whose batches take at most 1 GB.
     *
     * @param workers threads that decode
     */
    public BatchLoader(int workers) {
        this(workers, MOST_BYTES);
    }

    /**
     * Creates a loader.
     *
     * @param workers threads, from 1
     * @param mostBytes limit for batches in preparation or ready; one batch is always allowed
     */
    public BatchLoader(int workers, long mostBytes) {
        check(workers >= 1, "loading needs at least 1 worker, got %d", workers);
        this.threads = workers;
        this.mostBytes = mostBytes;
        this.workers = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "hiera-loader");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Returns the largest number of batches that a loader with the default limit holds, ready or in preparation.
     *
     * @param workers number of threads
     * @param batchBytes size of a batch
     * @return at least 1
     */
    public static int ahead(int workers, long batchBytes) {
        return ahead(workers, batchBytes, MOST_BYTES);
    }

    private static int ahead(int workers, long batchBytes, long mostBytes) {
        return (int) Math.max(1, Math.min(workers + 1, mostBytes / Math.max(1, batchBytes)));
    }

    /**
     * The plan for loading batches.
     *
     * @param transforms the transform for the sample at a position
     * @param clips chooses a sample's clip, given its random numbers
     * @param sampleShape {@code [3, (frames,) height, width]}
     * @param batchSize samples of a whole batch
     * @param rows the rows of a batch of a given size that are loaded: all, or those of one of several processes
     */
    public record Plan(
            SampleSource source,
            IntFunction<SampleTransform> transforms,
            BiFunction<Integer, RandomGenerator, ClipChoice> clips,
            Shape sampleShape,
            int batchSize,
            boolean dropLast,
            IntFunction<BatchRows> rows) {
        /**
         * Returns a plan for whole batches.
         *
         * @param source the samples
         * @param transforms the transform for the sample at a position
         * @param clips chooses the frames of a video, by sample and random numbers
         * @param sampleShape shape of one sample, {@code [3, (T,) H, W]}
         * @param batchSize samples per batch
         * @param dropLast whether samples that do not fill a batch are left out
         */
        public Plan(
                SampleSource source,
                IntFunction<SampleTransform> transforms,
                BiFunction<Integer, RandomGenerator, ClipChoice> clips,
                Shape sampleShape,
                int batchSize,
                boolean dropLast) {
            this(source, transforms, clips, sampleShape, batchSize, dropLast, BatchRows::all);
        }

        /**
         * Returns a plan with one transform for all positions.
         *
         * @param source the samples
         * @param transform turns frames into pixels; safe from several threads
         * @param clips chooses the frames of a video, by sample and random numbers
         * @param sampleShape shape of one sample, {@code [3, (T,) H, W]}
         * @param batchSize samples per batch
         * @param dropLast whether samples that do not fill a batch are left out
         */
        public Plan(
                SampleSource source,
                SampleTransform transform,
                BiFunction<Integer, RandomGenerator, ClipChoice> clips,
                Shape sampleShape,
                int batchSize,
                boolean dropLast) {
            this(source, position -> transform, clips, sampleShape, batchSize, dropLast);
        }

        /**
         * Returns the same plan, restricted to some rows of each batch.
         *
         * @param chosen the rows of a batch of a given size
         * @return the plan
         */
        public Plan withRows(IntFunction<BatchRows> chosen) {
            return new Plan(source, transforms, clips, sampleShape, batchSize, dropLast, chosen);
        }

        /**
         * Returns the number of batches for the given number of samples.
         *
         * @param samples number of samples
         * @return the number of batches
         */
        public int batches(int samples) {
            return dropLast ? samples / batchSize : (int) (((long) samples + batchSize - 1) / batchSize);
        }

        private long batchBytes() {
            return rows.apply(batchSize).rows().length * sampleShape.elements() * Float.BYTES;
        }
    }

    /**
     * {@return the batches of one epoch, in order, starting with a given one to resume in the middle}
     *
     * @param plan source, transform and size of the batches
     * @param order indices of the samples in the order of the epoch
     * @param seed determines every random choice
     * @param epoch from 0
     * @param firstBatch number of batches that were already completed before resuming
     */
    public Batches epoch(Plan plan, int[] order, long seed, int epoch, int firstBatch) {
        return new Batches(plan, order, seed, epoch, firstBatch);
    }

    /**
     * Returns the files that could not be read so far.
     *
     * @return the files
     */
    public DamagedFiles damaged() {
        return damaged;
    }

    /** Waits until the workers have finished their samples: the process must not end while they decode. */
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            workers.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The batches of one epoch; closing it cancels the work in progress. */
    public final class Batches implements AutoCloseable {
        private final Plan plan;
        private final int[] order;
        private final long seed;
        private final int epoch;
        private final int count;
        private final int most;
        private final Deque<Future<Batch>> pending = new ArrayDeque<>();
        private int nextToLoad;
        private volatile boolean cancelled;

        private Batches(Plan plan, int[] order, long seed, int epoch, int firstBatch) {
            this.plan = plan;
            this.order = order;
            this.seed = seed;
            this.epoch = epoch;
            this.count = plan.batches(order.length);
            this.most = ahead(threads, plan.batchBytes(), mostBytes);
            this.nextToLoad = firstBatch;
            fill();
        }

        /** {@return whether the epoch has another batch} */
        public boolean hasNext() {
            return !pending.isEmpty();
        }

        /** {@return the next batch, waiting for it if necessary} */
        public Batch next() {
            Future<Batch> future = pending.removeFirst();
            fill();
            try {
                return future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new OperationInterruptedException("loading was interrupted", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof HieraException fault) {
                    throw fault;
                }
                throw new IllegalStateException("loading a batch failed", e.getCause());
            }
        }

        private void fill() {
            while (pending.size() < most && nextToLoad < count) {
                int number = nextToLoad++;
                pending.add(workers.submit(() -> load(number)));
            }
        }

        private Batch load(int number) {
            int start = number * plan.batchSize();
            BatchRows rows = plan.rows().apply(Math.min(plan.batchSize(), order.length - start));
            int size = rows.rows().length;
            int[] sizes = plan.sampleShape().sizes();
            int[] shape = new int[sizes.length + 1];
            shape[0] = size;
            System.arraycopy(sizes, 0, shape, 1, sizes.length);
            HostTensor pixels = HostTensor.allocate(DType.FLOAT32, Shape.of(shape));
            FloatBuffer target = pixels.floats();
            int[] labels = new int[size];
            int[] indices = new int[size];
            List<Placement> placements = new ArrayList<>();
            int stride = (int) plan.sampleShape().elements();
            for (int i = 0; i < size; i++) {
                indices[i] = write(start + rows.rows()[i], target, i * stride, placements);
                labels[i] = plan.source().label(indices[i]);
            }
            return new Batch(pixels, labels, indices, placements.size() == size ? placements : List.of(), rows);
        }

        /** Writes the sample of a position, or a replacement; returns the index of the written sample. */
        private int write(int position, FloatBuffer target, int offset, List<Placement> placements) {
            for (int attempt = 0; attempt < MOST_REPLACEMENTS; attempt++) {
                requireWanted();
                RandomGenerator random = Randomness.of(seed, epoch, position, attempt);
                int index = attempt == 0 ? order[position] : order[random.nextInt(order.length)];
                try {
                    List<Rgb8Image> frames =
                            standing(plan.source().read(index, plan.clips().apply(position, random)));
                    plan.transforms()
                            .apply(position)
                            .writePlaced(frames, target, offset, random)
                            .ifPresent(placements::add);
                    return index;
                } catch (OperationInterruptedException fault) {
                    throw fault;
                } catch (HieraException fault) {
                    requireWanted();
                    damaged.add(plan.source().name(index), fault.getMessage());
                }
            }
            throw new HieraException(
                    "too many files cannot be read, among them " + damaged + ": check the data set's paths");
        }

        /** Throws if the read was interrupted, which is not a fault of the file. */
        private void requireWanted() {
            if (cancelled || Thread.currentThread().isInterrupted()) {
                throw new OperationInterruptedException("loading was cancelled");
            }
        }

        /** Repeats an image as a clip. */
        private List<Rgb8Image> standing(List<Rgb8Image> frames) {
            int wanted = plan.sampleShape().rank() == 4 ? plan.sampleShape().size(1) : 1;
            return frames.size() == 1 ? Collections.nCopies(wanted, frames.get(0)) : frames;
        }

        @Override
        public void close() {
            cancelled = true;
            pending.forEach(future -> future.cancel(true));
            pending.clear();
        }
    }
}
