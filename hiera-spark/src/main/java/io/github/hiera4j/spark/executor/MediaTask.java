package io.github.hiera4j.spark.executor;

import java.io.Serializable;
import java.util.stream.Stream;

/** The computation for every row. */
public interface MediaTask extends Serializable {
    /** {@return the model} */
    ModelSpec spec();

    /** {@return the number of rows that are passed before the first result is taken} */
    int ahead();

    /** {@return the number of columns of results} */
    default int width() {
        return 1;
    }

    /**
     * Returns the results of files, in their order, computed by the thread that takes them.
     *
     * @param model the model
     * @param media the files
     * @return one result per file
     */
    Stream<MediaRow> run(SharedModels.Lease model, Stream<Medium> media);
}
