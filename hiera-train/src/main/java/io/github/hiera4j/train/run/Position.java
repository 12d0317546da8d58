package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.Map;

/**
 * Where a run stands; together with the state tensors and the recipe it decides everything that follows.
 *
 * @param step updates made
 * @param epoch the epoch of the next step, from 0
 * @param batch batches of that epoch that are done
 * @param best best score so far; negative infinity before the first evaluation
 * @param threads libtorch's threads: another number rounds sums differently
 */
public record Position(long step, int epoch, int batch, double best, int threads) {
    static final Position START = new Position(0, 0, 0, Double.NEGATIVE_INFINITY, 0);

    Map<String, String> toText() {
        return Map.of(
                "step", Long.toString(step),
                "epoch", Integer.toString(epoch),
                "batch", Integer.toString(batch),
                "best", Double.toString(best),
                "threads", Integer.toString(threads));
    }

    static Position parse(String source, Map<String, String> text) {
        try {
            return new Position(
                    Long.parseLong(field(source, text, "step")),
                    Integer.parseInt(field(source, text, "epoch")),
                    Integer.parseInt(field(source, text, "batch")),
                    Double.parseDouble(field(source, text, "best")),
                    Integer.parseInt(field(source, text, "threads")));
        } catch (NumberFormatException fault) {
            throw new HieraException(source + ": not a training checkpoint of Hiera4j", fault);
        }
    }

    private static String field(String source, Map<String, String> text, String name) {
        String value = text.get(name);
        check(value != null, "%s: not a training checkpoint of Hiera4j: it lacks the field '%s'", source, name);
        return java.util.Objects.requireNonNull(value);
    }
}
