package io.github.hiera4j.train.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.quickstart.RenderedData;
import io.github.hiera4j.train.run.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies of a few steps: their results, and how they continue. */
class StudyTest {
    private static final StudyRecipes RECIPES = new StudyRecipes(false, "hiera_nano_64", 1, 1);

    @TempDir
    Path directory;

    private Dataset data() {
        Path root = directory.resolve("data");
        if (!Files.exists(root)) {
            RenderedData.pictures(root, 50, 1);
        }
        return Datasets.open(root);
    }

    private Study study(List<StudyVariant> variants, int seeds, Progress progress, StopSignal stop) {
        return new Study(directory.resolve("runs"), data(), variants, seeds, progress, stop);
    }

    /** Requests a stop when a note contains a text. */
    private static Progress stopAt(String text, StopSignal stop) {
        return new Notes(new ArrayList<>()) {
            @Override
            public void note(String note) {
                super.note(note);
                if (note.contains(text)) {
                    stop.request();
                }
            }
        };
    }

    private static class Notes implements Progress {
        private final List<String> lines;

        Notes(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void note(String note) {
            lines.add(note);
        }

        @Override
        public void step(Step step) {}

        @Override
        public void evaluated(long step, Map<String, Double> figures) {}
    }

    @Test
    void everyRungIsTrainedOnceAndKeepsItsNetwork() {
        List<StudyVariant> rungs = RECIPES.ladder(List.of(Rung.ZERO, Rung.C));
        StudyResult first = study(rungs, 1, Progress.SILENT, new StopSignal()).run();

        assertThat(first.failures()).isEmpty();
        assertThat(first.complete()).isTrue();
        assertThat(first.rows()).hasSize(3); // MViTv2 has no autoencoder
        assertThat(first.accuracy(rungs.get(0), true).count()).isZero();
        assertThat(first.accuracy(rungs.get(1), true).mean()).isBetween(0.0, 1.0);
        assertThat(first.rows()).filteredOn(row -> !row.pretrained()).allMatch(row -> row.steps() == 12);
        Path runs = directory.resolve("runs/rung-c/seed-0");
        try (Checkpoint mae = Checkpoint.open(runs.resolve("pretraining"));
                Checkpoint tuned = Checkpoint.open(runs.resolve("tuned"))) {
            assertThat(mae.config()).isInstanceOf(LadderMae.class);
            assertThat(tuned.config()).isInstanceOf(LadderConfig.class);
            assertThat(LadderConfig.rungOf(tuned.config())).contains(Rung.C);
            assertThat(tuned.report().isExact()).isTrue();
        }

        List<String> notes = new ArrayList<>();
        StudyResult second = study(rungs, 1, new Notes(notes), new StopSignal()).run();
        assertThat(second).isEqualTo(first);
        assertThat(notes).isEmpty(); // nothing was trained
        assertThat(first.csv().lines()).hasSize(4).first().isEqualTo("variant,change,start,seed,top1,steps,seconds");
    }

    @Test
    @Tag("slow")
    void aStoppedStudyContinuesAndEndsAsOneThatWasNotStopped() {
        List<StudyVariant> rungs = RECIPES.ladder(List.of(Rung.E));
        StopSignal stop = new StopSignal();
        StudyResult stopped = study(rungs, 1, stopAt("tuned", stop), stop).run();
        assertThat(stopped.complete()).isFalse();
        assertThat(stopped.rows()).isEmpty();
        assertThat(directory.resolve("runs/rung-e/seed-0/pretraining/result.json"))
                .exists();

        StudyResult continued =
                study(rungs, 1, Progress.SILENT, new StopSignal()).run();
        assertThat(continued.complete()).isTrue();
        assertThat(continued.rows()).hasSize(2);
        StudyResult whole =
                new Study(directory.resolve("whole"), data(), rungs, 1, Progress.SILENT, new StopSignal()).run();
        assertThat(continued.rows())
                .extracting(StudyResult.Row::top1)
                .isEqualTo(whole.rows().stream().map(StudyResult.Row::top1).toList());
    }

    @Test
    void trainingsByAnotherRecipeAreNotMixedIn() {
        List<StudyVariant> scratch = RECIPES.ladder(List.of(Rung.ZERO));
        study(scratch, 1, Progress.SILENT, new StopSignal()).run();
        List<StudyVariant> longer = new StudyRecipes(false, "hiera_nano_64", 2, 1).ladder(List.of(Rung.ZERO));
        assertThatThrownBy(() ->
                        study(longer, 1, Progress.SILENT, new StopSignal()).run())
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("epochs=2")
                .hasMessageContaining("choose another --out");
    }

    @Test
    void aTrainingThatFailsIsNamedAndTheOthersGoOn() throws IOException {
        List<StudyVariant> rungs = RECIPES.ladder(List.of(Rung.ZERO, Rung.F));
        Path blocked = directory.resolve("runs/rung-0/seed-0");
        Files.createDirectories(blocked);
        Files.writeString(blocked.resolve("scratch"), "a file where a directory should be");
        StudyResult result =
                study(rungs.subList(0, 1), 1, Progress.SILENT, new StopSignal()).run();
        assertThat(result.complete()).isFalse();
        assertThat(result.failures()).singleElement().asString().startsWith("0, seed 0, scratch: ");
        assertThat(result.rows()).isEmpty();
    }

    @Test
    void ablationsChangeOneSettingEach() {
        List<StudyVariant> variants = RECIPES.ablations();
        String published = variants.get(0).pretraining().orElseThrow().toString();
        assertThat(variants)
                .allMatch(variant -> variant.scratch().isEmpty())
                .extracting(StudyVariant::tuning)
                .containsOnly(variants.get(0).tuning());
        assertThat(variants.stream().skip(1))
                .extracting(variant -> variant.pretraining().orElseThrow().toString())
                .doesNotHaveDuplicates()
                .doesNotContain(published);
    }

    @Test
    void theSpreadIsThatOfASample() {
        Spread spread = Spread.of(List.of(.2, .4, .9));
        assertThat(spread.mean()).isCloseTo(.5, within(1e-12));
        assertThat(spread.deviation()).isCloseTo(Math.sqrt((.09 + .01 + .16) / 2), within(1e-12));
        assertThat(spread.least()).isEqualTo(.2);
        assertThat(spread.most()).isEqualTo(.9);
        assertThat(Spread.of(List.of(.3)).deviation()).isZero();
        assertThat(Spread.of(List.of()).mean()).isNaN();
    }
}
