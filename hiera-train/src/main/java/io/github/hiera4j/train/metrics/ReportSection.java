package io.github.hiera4j.train.metrics;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.page.LineChart;
import java.util.List;

/**
 * A part of a run's report.
 *
 * @param heading its title
 * @param text a sentence that describes the content
 * @param header names of the columns of a table; empty: no table
 * @param rows of the table
 * @param charts shown after the table
 * @param pictures shown after the charts
 */
public record ReportSection(
        String heading,
        String text,
        List<String> header,
        List<List<String>> rows,
        List<LineChart> charts,
        List<Rgb8Image> pictures) {
    /**
     * Copies the collections.
     *
     * @param heading its title
     * @param text a sentence that describes the content
     * @param header names of the columns of a table; empty: no table
     * @param rows of the table
     * @param charts shown after the table
     * @param pictures shown after the charts
     */
    public ReportSection {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        charts = List.copyOf(charts);
        pictures = List.copyOf(pictures);
    }

    /**
     * {@return a section with a table}
     *
     * @param heading its title
     * @param text a sentence that describes the content
     * @param header names of the columns
     * @param rows of the table
     */
    public static ReportSection ofTable(String heading, String text, List<String> header, List<List<String>> rows) {
        return new ReportSection(heading, text, header, rows, List.of(), List.of());
    }

    /**
     * {@return a section with charts}
     *
     * @param heading its title
     * @param text a sentence that describes the content
     * @param charts the charts
     */
    public static ReportSection ofCharts(String heading, String text, List<LineChart> charts) {
        return new ReportSection(heading, text, List.of(), List.of(), charts, List.of());
    }

    /**
     * {@return a section with pictures}
     *
     * @param heading its title
     * @param text a sentence that describes the content
     * @param pictures the pictures; if empty, only the text is shown
     */
    public static ReportSection ofPictures(String heading, String text, List<Rgb8Image> pictures) {
        return new ReportSection(heading, text, List.of(), List.of(), List.of(), pictures);
    }
}
