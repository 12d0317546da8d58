package io.github.hiera4j.cli.scale;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.train.scale.ScalingPlan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Estimates from measurements how training scales. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Estimate how training scales to more processes, from measured figures.",
            "'hiera launch --processes 2 -- benchmark MODEL --train --profile' measures them:",
            "the step without waiting, and the size and rate of the gradient sum alone.",
            "With --recipe: also the memory of a process, and the cores needed for loading."
        })
public final class PlanCommand implements Callable<Integer> {
    private static final int MOST_PROCESSES = 1 << 16;

    @Mixin
    PlanWork work;

    @Option(
            names = "--gbit",
            required = true,
            split = ",",
            paramLabel = "RATE",
            description = "Sending rate of a process in Gbit/s; one or more, separated by commas.")
    List<Double> rates = List.of();

    @Option(
            names = "--hidden",
            paramLabel = "SHARE",
            description = "Fraction of the step that can overlap with the exchange (default: ${DEFAULT-VALUE}).")
    double hidden = ScalingPlan.HIDDEN;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "Maximum number of processes (default: ${DEFAULT-VALUE}).")
    int most = 64;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write the curves to this file as SVG.")
    @Nullable
    Path out;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** One curve of the plan: a training at one network rate. */
    private record Curve(PlannedWork work, String network, ScalingPlan plan) {}

    @Override
    public Integer call() {
        checkCall(most >= 1 && most <= MOST_PROCESSES, "--processes must be 1 to %d, got %d", MOST_PROCESSES, most);
        work.check();
        int curves = rates.size() * work.count();
        checkCall(
                curves <= PlanPicture.MOST_CURVES,
                "a plan has at most %d curves: %d rates for %d trainings are too many",
                PlanPicture.MOST_CURVES,
                rates.size(),
                work.count());
        Output output = new Output(spec);
        List<PlannedWork> planned = work.planned(output);
        List<Curve> all = new ArrayList<>();
        for (PlannedWork one : planned) {
            for (double rate : rates) {
                all.add(new Curve(
                        one,
                        PlannedWork.number(rate) + " Gbit/s",
                        WrongCallException.check(() -> one.plan(rate * 1e9, hidden))));
            }
        }
        if (json) {
            all.forEach(curve -> lines(curve, output));
        } else {
            printWork(planned, output);
            print(all, output);
        }
        Path file = out;
        if (file != null) {
            Map<String, ScalingPlan> named = new LinkedHashMap<>();
            all.forEach(curve -> named.put(label(curve, planned.size()), curve.plan()));
            byte[] picture = PlanPicture.svg(named, most).getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(picture)));
        }
        return 0;
    }

    private static String label(Curve curve, int works) {
        return works == 1 ? curve.network() : curve.work().name() + ", " + curve.network();
    }

    private void printWork(List<PlannedWork> planned, Output output) {
        List<List<String>> rows =
                planned.stream().map(one -> one.row(most)).flatMap(List::stream).toList();
        if (!rows.isEmpty()) {
            output.table(PlannedWork.HEADING, rows);
            output.line("");
        }
    }

    private void print(List<Curve> curves, Output output) {
        boolean named = !curves.get(0).work().name().isEmpty();
        boolean counted = curves.stream().allMatch(curve -> curve.work().batch() > 0);
        boolean sized = curves.stream().allMatch(curve -> curve.work().samples() > 0);
        List<String> heading = new ArrayList<>(named ? List.of("training") : List.of());
        heading.addAll(List.of("processes", "network", "MB sent", "step ms", "efficiency"));
        heading.addAll(counted ? List.of("n/s") : List.of());
        heading.addAll(sized ? List.of("epoch h") : List.of());
        heading.addAll(sized && named ? List.of("all epochs h") : List.of());
        List<List<String>> rows = new ArrayList<>();
        for (Curve curve : curves) {
            for (int processes = 1; processes <= most; processes *= 2) {
                List<String> row = new ArrayList<>(named ? List.of(curve.work().name()) : List.of());
                ScalingPlan plan = curve.plan();
                row.addAll(List.of(
                        String.valueOf(processes),
                        curve.network(),
                        PlannedWork.number(plan.sentBytes(processes) / 1e6),
                        PlannedWork.number(plan.stepSeconds(processes) * 1e3),
                        Math.round(100 * plan.efficiency(processes)) + " %"));
                if (counted) {
                    double perSecond = curve.work().batch() * processes / plan.stepSeconds(processes);
                    row.add(PlannedWork.number(perSecond));
                    double hours = curve.work().samples() / perSecond / 3600;
                    row.addAll(sized ? List.of(PlannedWork.number(hours)) : List.of());
                    row.addAll(
                            sized && named
                                    ? List.of(PlannedWork.number(
                                            hours * curve.work().epochs()))
                                    : List.of());
                }
                rows.add(row);
            }
        }
        output.table(heading, rows);
    }

    private void lines(Curve curve, Output output) {
        for (int processes = 1; processes <= most; processes *= 2) {
            Map<String, Object> line = new LinkedHashMap<>();
            if (!curve.work().name().isEmpty()) {
                line.put("training", curve.work().name());
                line.putAll(curve.work().figures(processes));
            }
            line.put("network", curve.network());
            line.put("processes", processes);
            line.put("sentBytes", curve.plan().sentBytes(processes));
            line.put("stepSeconds", curve.plan().stepSeconds(processes));
            line.put("efficiency", curve.plan().efficiency(processes));
            output.json(line);
        }
    }
}
