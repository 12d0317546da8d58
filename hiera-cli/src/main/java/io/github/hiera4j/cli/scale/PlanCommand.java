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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
            "the step without waiting, and the gradient sum by itself with its size and rate."
        })
public final class PlanCommand implements Callable<Integer> {
    private static final int MOST_PROCESSES = 1 << 16;

    @Option(names = "--step-ms", required = true, paramLabel = "MS", description = "Computing time of a step.")
    double step;

    @Option(
            names = "--gradient-mb",
            required = true,
            paramLabel = "MB",
            description = "Size of the gradient sum: 4 bytes per parameter.")
    double megabytes;

    @Option(
            names = "--gbit",
            required = true,
            split = ",",
            paramLabel = "RATE",
            description = "Sending rate of a process in Gbit/s; up to four, separated by commas.")
    List<Double> rates = List.of();

    @Option(
            names = {"-b", "--batch"},
            paramLabel = "N",
            description = "Samples per step and process; adds samples per second to the output.")
    int batch;

    @Option(names = "--samples", paramLabel = "N", description = "Size of the data set; adds hours per epoch.")
    long samples;

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

    @Override
    public Integer call() {
        checkCall(most >= 1 && most <= MOST_PROCESSES, "--processes must be 1 to %d, got %d", MOST_PROCESSES, most);
        checkCall(rates.size() <= PlanPicture.MOST_CURVES, "--gbit takes up to %d rates", PlanPicture.MOST_CURVES);
        checkCall(batch >= 0 && samples >= 0, "--batch and --samples must not be negative");
        checkCall(samples == 0 || batch > 0, "--samples needs --batch");
        Map<String, ScalingPlan> plans = new LinkedHashMap<>();
        for (double rate : rates) {
            ScalingPlan plan =
                    WrongCallException.check(() -> new ScalingPlan(step / 1e3, megabytes * 1e6, rate * 1e9, hidden));
            plans.put(number(rate) + " Gbit/s", plan);
        }
        print(plans, new Output(spec));
        Path file = out;
        if (file != null) {
            byte[] picture = PlanPicture.svg(plans, most).getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(picture)));
        }
        return 0;
    }

    private void print(Map<String, ScalingPlan> plans, Output output) {
        List<String> heading = new ArrayList<>(List.of("processes", "network", "MB sent", "step ms", "efficiency"));
        if (batch > 0) {
            heading.add("n/s");
        }
        if (samples > 0) {
            heading.add("epoch h");
        }
        List<List<String>> rows = new ArrayList<>();
        plans.forEach((network, plan) -> {
            for (int processes = 1; processes <= most; processes *= 2) {
                double perSecond = batch * processes / plan.stepSeconds(processes);
                if (json) {
                    output.json(line(network, plan, processes));
                    continue;
                }
                List<String> row = new ArrayList<>(List.of(
                        String.valueOf(processes),
                        network,
                        number(plan.sentBytes(processes) / 1e6),
                        number(plan.stepSeconds(processes) * 1e3),
                        Math.round(100 * plan.efficiency(processes)) + " %"));
                if (batch > 0) {
                    row.add(number(perSecond));
                }
                if (samples > 0) {
                    row.add(number(samples / perSecond / 3600));
                }
                rows.add(row);
            }
        });
        if (!json) {
            output.table(heading, rows);
        }
    }

    private static Map<String, Object> line(String network, ScalingPlan plan, int processes) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("network", network);
        line.put("processes", processes);
        line.put("sentBytes", plan.sentBytes(processes));
        line.put("stepSeconds", plan.stepSeconds(processes));
        line.put("efficiency", plan.efficiency(processes));
        return line;
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
