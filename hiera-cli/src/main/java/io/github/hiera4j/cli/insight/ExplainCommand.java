package io.github.hiera4j.cli.insight;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.insight.explain.Attribution;
import io.github.hiera4j.api.insight.explain.Explainer;
import io.github.hiera4j.api.insight.explain.Faithfulness;
import io.github.hiera4j.api.insight.explain.IntegratedGradients;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.cli.options.LabelOptions;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows which pixels are evidence for a class. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show which pixels are evidence for a class.",
        footer = {
            "Grad-CAM on a stage's map, integrated gradients from an image of mean colour, and occlusion by mask",
            "units. Grad-CAM and integrated gradients need libtorch; occlusion works with every backend.",
            "The check covers the most important parts first (deletion: the class's probability should fall fast),",
            "then reveals them first (insertion: it should rise fast), and compares both with a random order."
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 4;
    private static final double OPACITY = 0.6;
    private static final double CLIPPED = 0.01;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images, videos, directories, quoted globs, or -.")
    List<String> files = List.of();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    LabelOptions labels = new LabelOptions();

    @Option(
            names = "--class",
            paramLabel = "N",
            description = "A class by number or name (default: the most likely class of each file).")
    @Nullable
    String target;

    @Option(
            names = "--method",
            paramLabel = "M",
            split = ",",
            description = "grad-cam, integrated-gradients or occlusion; separate several with commas (default: all).")
    List<String> methods = List.of("grad-cam", "integrated-gradients", "occlusion");

    @Option(
            names = "--stage",
            paramLabel = "N",
            description = "Stage whose map Grad-CAM uses, from 1 (default: the last).")
    @Nullable
    Integer stage;

    @Option(names = "--no-check", description = "Omit the check by deletion and insertion.")
    boolean noCheck;

    @Mixin
    OutputOptions out = new OutputOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** One attribution with its check. */
    record Explained(
            Attribution attribution,
            @Nullable Faithfulness check,
            @Nullable IntegratedGradients path) {}

    /** The attributions of one file. */
    record Found(
            List<Rgb8Image> frames,
            int index,
            String label,
            double probability,
            List<Explained> all,
            @Nullable Faithfulness random) {}

    /** The figures of one attribution. */
    record Row(
            String file,
            int index,
            String label,
            double probability,
            String method,
            @Nullable Double deletionArea,
            @Nullable Double insertionArea,
            @Nullable List<Double> deletion,
            @Nullable List<Double> insertion,
            @Nullable Double scoreDifference,
            @Nullable Double attributionSum) {}

    @Override
    public Integer call() {
        List<Attribution.Method> chosen =
                methods.stream().map(ExplainCommand::parse).toList();
        boolean gradients = chosen.stream().anyMatch(method -> method != Attribution.Method.OCCLUSION);
        InsightRun run = new InsightRun(spec, out);
        try (Explainer explainer = gradients
                ? Explainer.load(model.weights, labels.addTo(model.insideOptions()), stage)
                : Explainer.loadForOcclusion(model.weights, labels.addTo(model.insideOptions()))) {
            int wanted = target == null ? -1 : classNumber(explainer, target);
            List<InsightRun.Result<Found>> results = run.each(
                    files, input -> explain(explainer, explainer.model().view(input), wanted, chosen));
            write(run, results);
        }
        return run.exitCode();
    }

    private static Attribution.Method parse(String name) {
        return switch (name) {
            case "grad-cam" -> Attribution.Method.GRAD_CAM;
            case "integrated-gradients" -> Attribution.Method.INTEGRATED_GRADIENTS;
            case "occlusion" -> Attribution.Method.OCCLUSION;
            default ->
                throw WrongCallException.of(
                        "--method must be grad-cam, integrated-gradients or occlusion, got '" + name + "'");
        };
    }

    private static int classNumber(Explainer explainer, String text) {
        List<String> names = explainer.model().labels().names();
        int named = names.indexOf(text);
        boolean number = text.matches("\\d{1,7}") && Integer.parseInt(text) < names.size();
        checkCall(
                named >= 0 || number,
                "--class must be 0 to %d or the name of a class, got '%s'",
                names.size() - 1,
                text);
        return named >= 0 ? named : Integer.parseInt(text);
    }

    private Found explain(Explainer explainer, HostTensor view, int wanted, List<Attribution.Method> chosen) {
        float[] probabilities = explainer.probabilities(view);
        int index = wanted >= 0 ? wanted : new Grid(1, probabilities.length, probabilities).indexOfLargest();
        List<Explained> all = new ArrayList<>();
        for (Attribution.Method method : chosen) {
            IntegratedGradients path = method == Attribution.Method.INTEGRATED_GRADIENTS
                    ? explainer.integratedGradients(view, index)
                    : null;
            Attribution attribution = path != null
                    ? path.attribution()
                    : method == Attribution.Method.GRAD_CAM
                            ? explainer.gradCam(view, index)
                            : explainer.occlusion(view, index);
            Faithfulness check = noCheck ? null : Faithfulness.of(explainer, view, index, attribution);
            all.add(new Explained(attribution, check, path));
        }
        return new Found(
                explainer.model().pictures(view),
                index,
                explainer.model().labels().names().get(index),
                probabilities[index],
                all,
                noCheck ? null : Faithfulness.ofRandomOrder(explainer, view, index, 0));
    }

    private void write(InsightRun run, List<InsightRun.Result<Found>> results) {
        Map<Attribution.Method, Scale> scales = scales(results);
        List<InsightRun.Result<Sheet>> sheets = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (InsightRun.Result<Found> result : results) {
            String file = result.file().toString();
            Found found = result.value();
            sheets.add(new InsightRun.Result<>(result.file(), sheet(InsightRun.title(result.file()), found, scales)));
            for (Explained one : found.all()) {
                Attribution attribution = one.attribution();
                run.writeGrids(result.file(), attribution.method().title().replace(' ', '-'), attribution.maps());
                rows.add(row(file, found, attribution.method().title(), one.check(), one.path()));
                table.add(cells(file, found, attribution.method().title(), one.check(), one.path()));
            }
            if (found.random() != null) {
                rows.add(row(file, found, "random order", found.random(), null));
                table.add(cells(file, found, "random order", found.random(), null));
            }
        }
        run.writeSheets("explain", "Which pixels are evidence for a class", sheets);
        run.writeJson("explain", rows);
        run.output()
                .table(List.of("file", "class", "method", "deletion", "insertion", "sum", "score difference"), table);
    }

    private static Map<Attribution.Method, Scale> scales(List<InsightRun.Result<Found>> results) {
        Map<Attribution.Method, List<Grid>> grids = new EnumMap<>(Attribution.Method.class);
        for (InsightRun.Result<Found> result : results) {
            for (Explained one : result.value().all()) {
                grids.computeIfAbsent(one.attribution().method(), method -> new ArrayList<>())
                        .addAll(one.attribution().maps());
            }
        }
        Map<Attribution.Method, Scale> scales = new EnumMap<>(Attribution.Method.class);
        grids.forEach((method, maps) -> scales.put(
                method,
                switch (method) {
                    case GRAD_CAM -> Scale.amounts("Grad-CAM: evidence for the class", maps);
                    case INTEGRATED_GRADIENTS ->
                        Scale.signed("integrated gradients: score per pixel, largest 1 % clipped", maps, CLIPPED);
                    case OCCLUSION -> Scale.signed("occlusion: loss of probability", maps);
                }));
        return scales;
    }

    private static Row row(
            String file, Found found, String method, @Nullable Faithfulness check, @Nullable IntegratedGradients path) {
        return new Row(
                file,
                found.index(),
                found.label(),
                found.probability(),
                method,
                check == null ? null : check.deletionArea(),
                check == null ? null : check.insertionArea(),
                check == null ? null : check.deletion(),
                check == null ? null : check.insertion(),
                path == null ? null : path.difference(),
                path == null ? null : path.sum());
    }

    private static List<String> cells(
            String file, Found found, String method, @Nullable Faithfulness check, @Nullable IntegratedGradients path) {
        return List.of(
                file,
                found.label(),
                method,
                check == null ? "" : number(check.deletionArea()),
                check == null ? "" : number(check.insertionArea()),
                path == null ? "" : number(path.sum()) + (path.agrees() ? "" : " (differs)"),
                path == null ? "" : number(path.difference()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static Sheet sheet(String file, Found found, Map<Attribution.Method, Scale> scales) {
        int frames = found.frames().size();
        int steps = found.all().stream()
                .mapToInt(one -> one.attribution().maps().size())
                .max()
                .orElse(1);
        List<List<Panel>> rows = new ArrayList<>();
        for (int step : InsightRun.spread(steps, MOST_ROWS)) {
            Rgb8Image frame = found.frames().get((int) ((long) step * frames / steps));
            List<Panel> panels =
                    new ArrayList<>(List.of(new Panel(steps == 1 ? "input" : "frame " + step * frames / steps, frame)));
            for (Explained one : found.all()) {
                List<Grid> maps = one.attribution().maps();
                Scale scale =
                        Objects.requireNonNull(scales.get(one.attribution().method()));
                Grid map = maps.get((int) ((long) step * maps.size() / steps));
                panels.add(new Panel(
                        one.attribution().method().title(), Pictures.overlaid(frame, map, scale, OPACITY), scale));
            }
            rows.add(panels);
        }
        String caption = String.format(
                Locale.ROOT, "%s (class %d), probability %.3f", found.label(), found.index(), found.probability());
        return new Sheet(file, caption, rows);
    }
}
