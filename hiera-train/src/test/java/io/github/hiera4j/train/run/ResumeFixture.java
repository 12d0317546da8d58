package io.github.hiera4j.train.run;

import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Starts and resumes runs in a temporary directory, and keeps what they report. */
abstract class ResumeFixture {
    @TempDir
    Path directory;

    final List<String> notes = new ArrayList<>();

    final Trainer trainer(Recipe recipe, Dataset data, String run, StopSignal stop) {
        return Trainer.of(recipe)
                .data(data)
                .out(directory.resolve(run))
                .stop(stop)
                .progress(new Progress() {
                    @Override
                    public void note(String line) {
                        notes.add(line);
                    }
                });
    }

    final TrainingRun.Outcome resume(Recipe recipe, Dataset data, String run, StopSignal stop) {
        return trainer(recipe, data, run, stop)
                .existing(Trainer.Existing.RESUME)
                .run()
                .outcome();
    }

    /** Writes a first checkpoint and no more. */
    final Path stoppedAtTheStart(Recipe recipe) {
        StopSignal stop = new StopSignal();
        stop.request();
        trainer(recipe, TinyData.of(24), "run", stop).run();
        return RunDirectory.open(directory.resolve("run")).newest().orElseThrow();
    }
}
