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

/** What processes agree on before they train together: where one cannot begin, all say why. */
public final class ProcessAgreement {
    /** Settings that change speed or memory of one machine, not what is learnt. */
    private static final Set<String> OF_A_MACHINE = Set.of("workers", "threads", "device", "cache_megabytes");

    private final ProcessGroup group;

    /**
     * Agrees with nobody yet.
     *
     * @param group the processes
     */
    public ProcessAgreement(ProcessGroup group) {
        this.group = group;
    }

    /**
     * What every process has to do for itself.
     *
     * @param <T> what it gets
     * @param action may fail with a {@link HieraException}
     * @return what this process got
     * @throws HieraException in all processes if it fails in one, with that one's reason
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
     * Compares recipe and data, but not where the data lie.
     *
     * @param recipe of this process
     * @param data of this process
     * @throws HieraException in all processes if one has others than rank 0
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
                    "rank %d has other data than rank 0 (%s; rank 0: %s): files, names and labels must be the same in all"
                            + " processes",
                    rank,
                    Printable.message(sizes.get(rank)),
                    Printable.message(sizes.get(0)));
        }
    }

    /** One a line, without those that may differ between machines. */
    private static String settings(Recipe recipe) {
        return RecipeSettings.of(recipe).entrySet().stream()
                .filter(setting -> !OF_A_MACHINE.contains(setting.getKey()))
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static void requireSame(int rank, String settings, String first) {
        List<String> own = settings.lines().toList();
        List<String> expected = first.lines().toList();
        check(own.size() == expected.size(), "rank %d runs another version of Hiera4j than rank 0", rank);
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
