package io.github.hiera4j.bench;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.network.BlockPlan;
import io.github.hiera4j.model.network.HieraConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time of a run by kind of operation, the slowest first, and by part of the network, in order.
 *
 * @param kinds {@code Linear+GELU}, {@code LayerNorm}, …
 * @param stages {@code patches}, {@code stage 1}, …, {@code head}
 * @param totalMilliseconds the sum over all steps
 */
public record Profile(List<Entry> kinds, List<Entry> stages, double totalMilliseconds) {
    private static final Pattern BLOCK = Pattern.compile("(?:image_encoder\\.trunk\\.)?blocks\\.(\\d+)\\..*");

    /**
     * A group of steps.
     *
     * @param name their common property
     * @param steps number of steps
     * @param milliseconds their total time, with the median of each step over the profiled runs
     * @param gflops their billions of floating-point operations per second, 0 if they have none
     */
    public record Entry(String name, int steps, double milliseconds, double gflops) {}

    /**
     * Copies the collections.
     *
     * @param kinds {@code Linear+GELU}, {@code LayerNorm}, …
     * @param stages {@code patches}, {@code stage 1}, …, {@code head}
     * @param totalMilliseconds the sum over all steps
     */
    public Profile {
        kinds = List.copyOf(kinds);
        stages = List.copyOf(stages);
    }

    /** Summarises several runs of one plan. */
    static Profile of(List<List<StepTime>> runs, Optional<HieraConfig> hiera) {
        check(!runs.isEmpty(), "a profile needs at least %d run", 1);
        List<StepTime> steps = medians(runs);
        List<Entry> kinds = new ArrayList<>(group(steps, StepTime::kind));
        kinds.sort(Comparator.comparingDouble(Entry::milliseconds).reversed());
        List<BlockPlan> plans = hiera.map(BlockPlan::of).orElse(List.of());
        List<Entry> stages = group(steps, step -> part(step.node(), plans));
        double total = steps.stream().mapToLong(StepTime::nanoseconds).sum() / 1e6;
        return new Profile(kinds, stages, total);
    }

    private static List<StepTime> medians(List<List<StepTime>> runs) {
        List<StepTime> steps = new ArrayList<>();
        for (int index = 0; index < runs.get(0).size(); index++) {
            int at = index;
            long[] times = runs.stream()
                    .mapToLong(run -> run.get(at).nanoseconds())
                    .sorted()
                    .toArray();
            StepTime step = runs.get(0).get(index);
            steps.add(new StepTime(
                    step.node(),
                    step.kind(),
                    step.implementation(),
                    step.multiplyAccumulates(),
                    times[times.length / 2]));
        }
        return steps;
    }

    private static List<Entry> group(List<StepTime> steps, Function<StepTime, String> key) {
        Map<String, List<StepTime>> groups = new LinkedHashMap<>();
        steps.forEach(step -> groups.computeIfAbsent(key.apply(step), name -> new ArrayList<>())
                .add(step));
        List<Entry> entries = new ArrayList<>();
        groups.forEach((name, members) -> {
            double nanoseconds =
                    members.stream().mapToLong(StepTime::nanoseconds).sum();
            double operations = 2.0
                    * members.stream().mapToLong(StepTime::multiplyAccumulates).sum();
            entries.add(new Entry(name, members.size(), nanoseconds / 1e6, operations / nanoseconds));
        });
        return entries;
    }

    /** Returns the part of the network that a node belongs to: a block's stage if it is known, a part before or after the blocks. */
    private static String part(String node, List<BlockPlan> plans) {
        Matcher block = BLOCK.matcher(node);
        if (block.matches()) {
            if (plans.isEmpty()) {
                return "blocks";
            }
            return "stage " + (plans.get(Integer.parseInt(block.group(1))).stage() + 1);
        }
        boolean head = node.startsWith("norm") || node.startsWith("head") || node.startsWith("mean");
        return head || node.startsWith("softmax") ? "head" : "patches";
    }
}
