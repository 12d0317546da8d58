package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.HieraException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;

/** Runs calls on its own threads, at most as many at once as there are processors; further calls are queued. */
public final class AsyncCalls implements AutoCloseable {
    private final ThreadPoolExecutor threads =
            DaemonThreads.pool(Runtime.getRuntime().availableProcessors(), "hiera-async");

    /** A call and its result. */
    private record Call<T>(Supplier<T> work, CompletableFuture<T> result) implements Runnable {
        @Override
        public void run() {
            if (result.isDone()) { // cancelled while it waited
                return;
            }
            try {
                result.complete(work.get());
            } catch (Throwable failure) { // every failure is reported to the caller
                result.completeExceptionally(failure);
            }
        }

        void refuse() {
            result.completeExceptionally(new HieraException("the model is closed: load it again to use it"));
        }
    }

    /** Starts a call; cancelling the future removes it from the queue, but does not stop it once it runs. */
    public <T> CompletableFuture<T> start(Supplier<T> work) {
        Call<T> call = new Call<>(work, new CompletableFuture<>());
        try {
            threads.execute(call);
        } catch (RejectedExecutionException closed) {
            call.refuse();
        }
        return call.result();
    }

    /** Lets waiting calls fail; running calls are completed. */
    @Override
    public void close() {
        List<Runnable> waiting = new ArrayList<>();
        threads.getQueue().drainTo(waiting);
        threads.shutdown();
        waiting.forEach(call -> ((Call<?>) call).refuse());
    }
}
