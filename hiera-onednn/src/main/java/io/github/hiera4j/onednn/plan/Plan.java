package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A graph compiled for one batch size: steps, and a pool of contexts to run them in. Weights belong to the session.
 *
 * <p>Safe to run from several threads: each run takes its own context.
 */
public final class Plan implements AutoCloseable {
    private final int batch;
    private final List<Step> steps;
    private final Map<String, View> inputs;
    private final Map<String, View> outputs;
    private final long arenaBytes;
    private final List<AutoCloseable> resources;
    private final Deque<ReadyContext> idle = new ArrayDeque<>();
    private int contexts;

    Plan(
            int batch,
            List<Step> steps,
            Map<String, View> inputs,
            Map<String, View> outputs,
            long arenaBytes,
            List<AutoCloseable> resources) {
        this.batch = batch;
        this.steps = List.copyOf(steps);
        this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        this.arenaBytes = arenaBytes;
        this.resources = List.copyOf(resources);
    }

    /** A context and the bytes of its inputs and outputs. */
    private record ReadyContext(
            ExecutionContext context, Map<String, ByteBuffer> inputs, Map<String, ByteBuffer> outputs) {}

    List<Step> steps() {
        return steps;
    }

    ExecutionContext newContext() {
        return new ExecutionContext(steps, arenaBytes);
    }

    /**
     * Runs once, on some samples of a larger batch; the feeds have already been validated.
     *
     * @param feeds the whole batch
     * @param firstSample index of this plan's first sample in the batch
     * @param results tensors for the whole batch, of which this plan's samples are written
     */
    public void run(Map<String, HostTensor> feeds, int firstSample, Map<String, HostTensor> results) {
        ReadyContext ready = acquire();
        try {
            load(ready, feeds, firstSample);
            ready.context().execute();
            ready.outputs()
                    .forEach((name, source) -> Objects.requireNonNull(results.get(name))
                            .bytes()
                            .put(firstSample * (source.capacity() / batch), source, 0, source.capacity()));
        } finally {
            release(ready);
        }
    }

    /** Runs once and times each step. */
    public List<StepTime> profile(Map<String, HostTensor> feeds, int firstSample) {
        ReadyContext ready = acquire();
        try {
            load(ready, feeds, firstSample);
            long[] nanoseconds = new long[steps.size()];
            ready.context().execute(nanoseconds);
            List<StepTime> times = new ArrayList<>();
            for (int i = 0; i < nanoseconds.length; i++) {
                Step step = steps.get(i);
                times.add(new StepTime(
                        step.node(), step.kind(), step.implementation(), step.multiplyAccumulates(), nanoseconds[i]));
            }
            return times;
        } finally {
            release(ready);
        }
    }

    private void load(ReadyContext ready, Map<String, HostTensor> feeds, int firstSample) {
        ready.inputs().forEach((name, target) -> {
            ByteBuffer whole = Objects.requireNonNull(feeds.get(name)).bytes();
            boolean shared = whole.capacity() == target.capacity(); // the whole batch, or a tensor without a batch axis
            target.put(0, whole, shared ? 0 : firstSample * (target.capacity() / batch), target.capacity());
        });
    }

    private ReadyContext acquire() {
        synchronized (this) {
            ReadyContext ready = idle.pollLast();
            if (ready != null) {
                return ready;
            }
        }
        ExecutionContext context = newContext();
        try {
            ReadyContext ready = new ReadyContext(context, buffers(context, inputs), buffers(context, outputs));
            synchronized (this) {
                contexts++;
            }
            return ready;
        } catch (RuntimeException | Error fault) {
            context.close();
            throw fault;
        }
    }

    private static Map<String, ByteBuffer> buffers(ExecutionContext context, Map<String, View> views) {
        Map<String, ByteBuffer> buffers = new LinkedHashMap<>();
        views.forEach((name, view) -> {
            ByteBuffer bytes = context.bytes(view);
            int count = Math.toIntExact(view.elements() * view.type().bytes());
            buffers.put(name, bytes.slice(0, count).order(bytes.order()));
        });
        return buffers;
    }

    private synchronized void release(ReadyContext ready) {
        idle.addLast(ready);
    }

    /** Bytes of all contexts created so far. */
    public synchronized long nativeBytes() {
        return contexts * arenaBytes;
    }

    /** No run may be in progress. */
    @Override
    public synchronized void close() {
        idle.forEach(ready -> ready.context().close());
        idle.clear();
        contexts = 0;
        closeAll(resources);
    }

    /** Closes all of them, even if closing one fails. */
    static void closeAll(List<AutoCloseable> resources) {
        IllegalStateException failure = null;
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception fault) {
                failure = failure == null ? new IllegalStateException("closing a plan", fault) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
