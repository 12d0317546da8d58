package io.github.hiera4j.train.run;

import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.run.internal.StepClock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reports the figures of a run to its log and its listener: means over the last steps, and evaluations. */
final class RunFigures {
    private static final int STEPS_PER_FIGURE = 10;

    private final StepClock clock;
    private final long steps;
    private final int stepsPerEpoch;
    private final Progress progress;

    /**
     * @param batch samples per step
     * @param steps of the whole run
     */
    RunFigures(int batch, long steps, int stepsPerEpoch, Progress progress) {
        this.clock = new StepClock(batch, STEPS_PER_FIGURE);
        this.steps = steps;
        this.stepsPerEpoch = stepsPerEpoch;
        this.progress = progress;
    }

    /** Adds a step; every tenth and the last are logged. */
    void step(TrainingStep.Result result, Position before, Metrics metrics) {
        long number = before.step() + 1;
        clock.add(result.loss(), result.lossParts(), result.samples());
        if (!clock.isDue(number, steps)) {
            return;
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", clock.loss());
        figures.putAll(clock.lossParts());
        figures.put("learning_rate", result.learningRate());
        figures.put("gradient_norm", result.gradientNorm());
        figures.put("samples_per_second", clock.samplesPerSecond());
        metrics.log(number, (double) number / stepsPerEpoch, figures, false);
        progress.step(new Progress.Step(
                number,
                steps,
                before.epoch(),
                clock.loss(),
                result.learningRate(),
                result.gradientNorm(),
                clock.samplesPerSecond()));
        clock.reset();
    }

    void evaluated(Measurement measurement, long step, boolean best, Metrics metrics) {
        metrics.log(step, (double) step / stepsPerEpoch, measurement.figures(), best);
        progress.evaluated(step, measurement.figures());
    }

    /** Excludes time that was not spent on steps. */
    void restart() {
        clock.reset();
    }
}
