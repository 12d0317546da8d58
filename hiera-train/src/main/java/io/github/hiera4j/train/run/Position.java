package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The position of a run; together with the state tensors and the recipe, it determines the rest of the run.
 *
 * @param step updates so far
 * @param epoch the epoch of the next step, from 0
 * @param batch completed batches of that epoch
 * @param best best score so far; negative infinity before the first evaluation
 * @param threads libtorch's threads: another number rounds sums differently
 * @param stale number of evaluations since the best one
 * @param pending whether the previous epoch has yet to be evaluated, and after the last epoch, the model has yet to be written
 */
public record Position(long step, int epoch, int batch, double best, int stale, int threads, boolean pending) {
    static final Position START = new Position(0, 0, 0, Double.NEGATIVE_INFINITY, 0, 0, false);

    /** Returns the position after one more step of the same epoch. */
    Position afterStep(int batchesDone, int withThreads) {
        return new Position(step + 1, epoch, batchesDone, best, stale, withThreads, false);
    }

    /** Returns the position at the beginning of the next epoch; the current epoch has yet to be evaluated. */
    Position nextEpoch() {
        return new Position(step, epoch + 1, 0, best, stale, threads, true);
    }

    /** Returns the position after an evaluation. */
    Position evaluated(double score) {
        return new Position(step, epoch, batch, Math.max(best, score), score > best ? 0 : stale + 1, threads, pending);
    }

    /** Returns the position after all work at the end of the epoch. */
    Position settled() {
        return new Position(step, epoch, batch, best, stale, threads, false);
    }

    Map<String, String> toText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("step", Long.toString(step));
        text.put("epoch", Integer.toString(epoch));
        text.put("batch", Integer.toString(batch));
        text.put("best", Double.toString(best));
        text.put("stale", Integer.toString(stale));
        text.put("threads", Integer.toString(threads));
        text.put("pending", Boolean.toString(pending));
        return text;
    }

    /**
     * Reads a position from a checkpoint's metadata; {@link #requireWithin} checks that it is valid for a run.
     *
     * @param source file name for messages
     */
    static Position parse(String source, Map<String, String> text) {
        try {
            return new Position(
                    Long.parseLong(field(source, text, "step")),
                    Integer.parseInt(field(source, text, "epoch")),
                    Integer.parseInt(field(source, text, "batch")),
                    Double.parseDouble(field(source, text, "best")),
                    Integer.parseInt(text.getOrDefault("stale", "0")), // earlier versions lack this field and pending
                    Integer.parseInt(field(source, text, "threads")),
                    Boolean.parseBoolean(text.getOrDefault("pending", "false")));
        } catch (NumberFormatException fault) {
            throw new HieraException(source + ": not a training checkpoint of Hiera4j: " + Printable.of(fault), fault);
        }
    }

    private static String field(String source, Map<String, String> text, String name) {
        String value = text.get(name);
        check(value != null, "%s: not a training checkpoint of Hiera4j: the field '%s' is missing", source, name);
        return Objects.requireNonNull(value);
    }

    /**
     * Refuses a position that a run of this length cannot reach.
     *
     * @param source file name for messages
     * @param epochs epochs of the run
     * @param stepsPerEpoch updates per epoch
     * @param accumulation batches per update
     */
    void requireWithin(String source, int epochs, int stepsPerEpoch, int accumulation) {
        check(epoch >= 0 && epoch <= epochs, "%s: expected an epoch from 0 to %d, got %d", source, epochs, epoch);
        long mostBatches = (long) stepsPerEpoch * accumulation;
        check(
                batch >= 0 && batch <= mostBatches && batch % accumulation == 0 && (batch == 0 || epoch < epochs),
                "%s: expected a batch from 0 to %d, a multiple of accumulation=%d, got %d in epoch %d",
                source,
                mostBatches,
                accumulation,
                batch,
                epoch);
        long expected = (long) epoch * stepsPerEpoch + batch / accumulation;
        check(
                step == expected,
                "%s: expected step %d at epoch %d, batch %d of a run with %d steps per epoch, got step %d",
                source,
                expected,
                epoch,
                batch,
                stepsPerEpoch,
                step);
        check(
                !Double.isNaN(best) && best != Double.POSITIVE_INFINITY,
                "%s: expected a finite best score, got %s",
                source,
                best);
        check(
                stale >= 0 && stale <= epoch,
                "%s: expected 0 to %d evaluations without a better result, got %d",
                source,
                epoch,
                stale);
        check(threads >= 0, "%s: expected 0 or more threads, got %d", source, threads);
        check(!pending || (batch == 0 && epoch > 0), "%s: an epoch can be evaluated only at its end", source);
    }
}
