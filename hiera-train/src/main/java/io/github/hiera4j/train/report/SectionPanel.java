package io.github.hiera4j.train.report;

import io.github.hiera4j.train.metrics.ReportSection;
import io.github.hiera4j.train.page.DataTable;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.page.Picture;
import java.util.List;

/**
 * The sections that a measurement shows in addition to its figures.
 *
 * @param sections in order
 */
public record SectionPanel(List<ReportSection> sections) implements ReportPanel {
    /**
     * Copies the collections.
     *
     * @param sections in order
     */
    public SectionPanel {
        sections = List.copyOf(sections);
    }

    @Override
    public void addTo(Page page, ReportSubject subject) {
        sections.forEach(section -> add(page, section));
    }

    /**
     * Adds one section.
     *
     * @param page the page under construction
     * @param section a table or chart of an objective
     */
    public static void add(Page page, ReportSection section) {
        page.subheading(section.heading());
        page.paragraph(section.text());
        if (!section.header().isEmpty()) {
            DataTable table = new DataTable(section.heading(), section.header());
            section.rows().forEach(row -> table.row(row.stream().map(Cell::of).toArray(Cell[]::new)));
            page.table(table);
        }
        if (!section.charts().isEmpty()) {
            page.charts(section.charts());
        }
        if (!section.pictures().isEmpty()) {
            page.pictures(section.pictures().stream()
                    .map(picture -> Picture.of(picture, section.heading(), ""))
                    .toList());
        }
    }
}
