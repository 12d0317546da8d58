package io.github.hiera4j.api.insight.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * The pictures of one file: panels in rows under a heading.
 *
 * @param name the file
 * @param caption one line about it
 * @param rows panels from left to right, rows from the top
 */
public record Sheet(String name, String caption, List<List<Panel>> rows) {
    /**
     * Copies the rows.
     *
     * @param name the file
     * @param caption one line about it
     * @param rows panels from left to right, rows from the top
     */
    public Sheet {
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** {@return the scales of the panels, each once} */
    public List<Scale> scales() {
        List<Scale> scales = new ArrayList<>();
        for (List<Panel> row : rows) {
            for (Panel panel : row) {
                Scale scale = panel.scale();
                if (scale != null && !scales.contains(scale)) {
                    scales.add(scale);
                }
            }
        }
        return scales;
    }
}
