package io.github.hiera4j.train.agreement;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks that processes can train together before they start: if one cannot start, all of them report the reason. */
public final class ProcessAgreement {
    /** Settings that affect only the speed or memory of one machine, not the trained model. */
    private static final Set<String> OF_A_MACHINE = Set.of("workers", "threads", "device", "cache_megabytes");

    private final ProcessGroup group;

    /**
     * Creates the check; nothing is compared yet.
     *
     * @param group the processes
     */
    public ProcessAgreement(ProcessGroup group) {
        this.group = group;
    }

    /**
     * Performs an action in every process, and fails in all processes if it fails in one.
     *
     * @param <T> type of the result
     * @param action the action; may fail with a {@link HieraException}
     * @return the result in this process
     * @throws HieraException in all processes if the action fails in one, with the reason of that process
     */
    public <T> T prepare(Supplier<T> action) {
        if (group.isAlone()) {
            return action.get();
        }
        T result = null;
        HieraException own = null;
        try {
            result = action.get();
        } catch (HieraException failure) {
            own = failure;
        }
        report(own);
        return Objects.requireNonNull(result);
    }

    private void report(@Nullable HieraException own) {
        List<String> reasons = gather(own == null ? "" : String.valueOf(own.getMessage()));
        if (own != null) {
            throw own;
        }
        for (int rank = 0; rank < reasons.size(); rank++) {
            check(reasons.get(rank).isEmpty(), "rank %d: %s", rank, Printable.message(reasons.get(rank)));
        }
    }

    private List<String> gather(String own) {
        List<String> all = new ArrayList<>();
        group.gather(own.getBytes(StandardCharsets.UTF_8))
                .forEach(one -> all.add(new String(one, StandardCharsets.UTF_8)));
        return all;
    }

    /**
     * Requires the same recipe and data in all processes; the data may be in different directories.
     *
     * @param recipe the recipe of this process
     * @param data the data of this process
     * @throws HieraException in all processes if the recipe or data of one differ from those of rank 0
     */
    public void require(Recipe recipe, Dataset data) {
        if (group.isAlone()) {
            return;
        }
        String counts =
                data.train().size() + " training and " + data.validation().size() + " held-out samples";
        List<String> settings = gather(settings(recipe));
        List<String> sizes = gather(counts);
        List<String> fingerprints = gather(data.fingerprint());
        for (int rank = 1; rank < group.size(); rank++) {
            requireSame(rank, settings.get(rank), settings.get(0));
            check(
                    fingerprints.get(rank).equals(fingerprints.get(0)),
                    "rank %d has different data than rank 0 (%s; rank 0: %s): files, names and labels must be the same in all"
                            + " processes",
                    rank,
                    Printable.message(sizes.get(rank)),
                    Printable.message(sizes.get(0)));
        }
    }

    /** Returns the settings, one per line, except those that may differ between machines. */
    private static String settings(Recipe recipe) {
        return RecipeSettings.of(recipe).entrySet().stream()
                .filter(setting -> !OF_A_MACHINE.contains(setting.getKey()))
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static void requireSame(int rank, String settings, String first) {
        List<String> own = settings.lines().toList();
        List<String> expected = first.lines().toList();
        check(own.size() == expected.size(), "rank %d runs a different version of Hiera4j than rank 0", rank);
        for (int i = 0; i < own.size(); i++) {
            check(
                    own.get(i).equals(expected.get(i)),
                    "rank %d has %s, rank 0 has %s: start all processes with the same settings",
                    rank,
                    Printable.of(own.get(i)),
                    Printable.of(expected.get(i)));
        }
    }
}
