package io.github.hiera4j.train.metrics;

import io.github.hiera4j.media.Rgb8Image;
import java.util.List;

/**
 * A part of a run's report.
 *
 * @param heading its title
 * @param text what it shows, in a sentence
 * @param header names of the columns of a table; empty: no table
 * @param rows of the table
 * @param pictures shown after it
 */
public record ReportSection(
        String heading, String text, List<String> header, List<List<String>> rows, List<Rgb8Image> pictures) {
    /**
     * Copies the collections.
     *
     * @param heading its title
     * @param text what it shows, in a sentence
     * @param header names of the columns of a table; empty: no table
     * @param rows of the table
     * @param pictures shown after it
     */
    public ReportSection {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        pictures = List.copyOf(pictures);
    }
}
