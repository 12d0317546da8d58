package io.github.hiera4j.train.report;

import io.github.hiera4j.train.page.Page;

/**
 * A section of a report. A panel that has nothing to show for a subject adds nothing. Programs add their own panels to a
 * training's report with {@code Trainer.panel}.
 */
@FunctionalInterface
public interface ReportPanel {
    /**
     * Adds the section, with its heading.
     *
     * @param page the page under construction
     * @param subject the subject of the report
     */
    void addTo(Page page, ReportSubject subject);
}
