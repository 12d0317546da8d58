package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.data.Dataset;
import java.nio.file.Path;
import java.util.List;

/** {@code train*.tar} and {@code val*.tar} of a directory. */
final class TarShards {
    private TarShards() {}

    static boolean isPresent(Path root, String prefix) {
        return !shards(root, prefix).isEmpty();
    }

    static Dataset open(Path root) {
        TarSource train = TarSource.open(shards(root, "train"));
        TarSource held = TarSource.open(shards(root, "val"));
        return new Dataset(
                root.toString(),
                ClassNames.numbered(root, train),
                train,
                held,
                held.size() == 0 ? "nothing" : root.resolve("val*.tar").toString());
    }

    static Dataset openForEvaluation(Path root) {
        check(isPresent(root, "val"), "%s: has no validation samples: expected val-*.tar beside train-*.tar", root);
        TarSource judged = TarSource.open(shards(root, "val"));
        return new Dataset(
                root.toString(),
                isPresent(root, "train")
                        ? ClassNames.numbered(root, TarSource.open(shards(root, "train")))
                        : ClassNames.numberedSubset(root, judged),
                TarSource.open(List.of()),
                judged,
                "all of " + root.resolve("val*.tar"));
    }

    private static List<Path> shards(Path root, String prefix) {
        return MediaFiles.files(root, prefix, ".tar");
    }
}
