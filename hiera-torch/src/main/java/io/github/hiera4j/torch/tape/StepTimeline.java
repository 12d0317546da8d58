package io.github.hiera4j.torch.tape;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Records the start and the end of every activity of training steps, including those that run concurrently with the training thread. */
public final class StepTimeline extends StepTimes {
    private static final int MOST_EVENTS = 200_000;
    private static final long POLL_NANOS = 100_000;

    /**
     * An activity.
     *
     * @param what the name of the activity
     * @param aside whether it ran concurrently with the training thread
     * @param from its start, in nanoseconds of {@link System#nanoTime}
     * @param to its end, in the same unit
     */
    public record Event(String what, boolean aside, long from, long to) {}

    private record Watched(String what, BooleanSupplier isComplete, long from) {}

    private final List<Event> events = new ArrayList<>();
    private final Deque<Watched> watched = new ArrayDeque<>();
    private boolean isWatching;

    /** Starts recording now. */
    public StepTimeline() {}

    @Override
    protected void interval(String what, long from, long to) {
        note(new Event(what, false, from, to));
    }

    private void note(Event event) {
        synchronized (watched) {
            if (events.size() < MOST_EVENTS) {
                events.add(event);
            }
        }
    }

    @Override
    public void aside(String what, BooleanSupplier isComplete) {
        synchronized (watched) {
            watched.add(new Watched(what, isComplete, System.nanoTime()));
            if (!isWatching) {
                isWatching = true;
                Thread thread = new Thread(this::watch, "hiera-timeline");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** Records the end of each concurrent activity, up to {@value #POLL_NANOS} ns late. */
    private void watch() {
        while (true) {
            synchronized (watched) {
                long now = System.nanoTime();
                for (Iterator<Watched> each = watched.iterator(); each.hasNext(); ) {
                    Watched one = each.next();
                    if (one.isComplete().getAsBoolean()) {
                        note(new Event(one.what(), true, one.from(), now));
                        each.remove();
                    }
                }
                if (watched.isEmpty()) {
                    isWatching = false;
                    return;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void endAside() {
        synchronized (watched) {
            long now = System.nanoTime();
            watched.forEach(one -> note(new Event(one.what(), true, one.from(), now)));
            watched.clear();
        }
    }

    /** {@return the activities recorded so far} */
    public List<Event> events() {
        synchronized (watched) {
            return List.copyOf(events);
        }
    }
}
