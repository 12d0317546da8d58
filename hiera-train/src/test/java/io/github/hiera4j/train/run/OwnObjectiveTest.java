package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.torch.train.ParameterGroup;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.evaluate.Evaluator;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.recipe.Recipe;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training as a library: the program in docs/examples, and training parts replaced by a program. */
class OwnObjectiveTest {
    private static final Path EXAMPLE =
            Path.of("..", "docs", "examples", "train", "src", "main", "java", "com", "example");

    @TempDir
    private Path directory;

    @Test
    void theExampleTrainsByItsOwnObjectiveAndExportsTheModel() throws Exception {
        Path data = pictures();
        Path run = directory.resolve("run");
        try (URLClassLoader compiled =
                new URLClassLoader(new URL[] {compile().toUri().toURL()})) {
            compiled.loadClass("com.example.TrainWithOwnObjective")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {data.toString(), run.toString(), "3"});
        }

        assertThat(run.resolve("metrics.jsonl")).content().contains("\"step\":3", "weighted_accuracy");
        try (Checkpoint model = Checkpoint.open(run.resolve("model"))) {
            assertThat(model.config().encoder().numClasses()).isEqualTo(2);
            assertThat(model.classNames()).containsExactly("dark", "light");
        }
    }

    private Path compile() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        try (var sources = Files.list(EXAMPLE)) {
            sources.map(Path::toString).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        return classes;
    }

    private Path pictures() throws IOException {
        Path root = directory.resolve("data");
        for (String part : List.of("train", "val")) {
            for (String name : List.of("dark", "light")) {
                Path place = Files.createDirectories(root.resolve(part).resolve(name));
                for (int i = 0; i < 4; i++) {
                    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                    Graphics2D g = image.createGraphics();
                    g.setColor(name.equals("dark") ? new Color(40, 40, 40 + i) : new Color(200, 200, 200 + i));
                    g.fillRect(0, 0, 64, 64);
                    g.dispose();
                    ImageIO.write(image, "png", place.resolve(i + ".png").toFile());
                }
            }
        }
        return root;
    }

    @Test
    void scheduleGroupsAugmentationAndEvaluationCanBeReplaced() {
        Recipe recipe = ForkedTraining.recipe().with("epochs", "1");
        ClassifyObjective objective =
                new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), 2);
        AtomicInteger evaluations = new AtomicInteger();
        AtomicInteger groups = new AtomicInteger();
        AtomicInteger rates = new AtomicInteger();
        TestTransform plain = BatchPlans.testTransform(recipe.data(), objective.encoder());
        Trainer.Result result = Trainer.of(recipe)
                .data(TinyData.of(24))
                .out(directory.resolve("run"))
                .objective(objective)
                .schedule((steps, stepsPerEpoch) -> step -> {
                    assertThat(steps).isEqualTo(6);
                    assertThat(step).isEqualTo(rates.getAndIncrement());
                    return 1e-4;
                })
                .grouping(parameters -> {
                    groups.incrementAndGet();
                    return List.of(new ParameterGroup(List.copyOf(parameters.keySet()), 1, 0));
                })
                .augmentation(plain)
                .evaluation((weights, validation, loader, stop) -> {
                    evaluations.incrementAndGet();
                    return new Evaluator(recipe.data(), objective).evaluate(weights, validation, loader, stop);
                })
                .run();

        assertThat(result.outcome().complete()).isTrue();
        assertThat(result.outcome().figures()).containsKey("top1");
        assertThat(result.outcome().evaluation()).isPresent();
        assertThat(List.of(evaluations.get(), groups.get(), rates.get())).containsExactly(1, 1, 6);
        assertThat(result.report()).isNotEmptyFile();
    }
}
