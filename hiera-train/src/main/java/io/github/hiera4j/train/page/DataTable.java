package io.github.hiera4j.train.page;

import java.util.ArrayList;
import java.util.List;

/** A table whose rows can be sorted by any column. Without scripts, the rows are shown in their original order. */
public final class DataTable {
    private static final int TALL = 25;

    /**
     * A value in a table.
     *
     * @param text the displayed text
     * @param key sort key; NaN for text
     */
    public record Cell(String text, double key) {
        /**
         * {@return a cell with text}
         *
         * @param text shown as it is, escaped for HTML, and sorted alphabetically
         */
        public static Cell of(String text) {
            return new Cell(text, Double.NaN);
        }

        /**
         * {@return a cell with a whole number}
         *
         * @param number shown in digits, and sorted by size
         */
        public static Cell of(long number) {
            return new Cell(String.valueOf(number), number);
        }

        /**
         * {@return a cell with a number that is shown in another form, such as a percentage}
         *
         * @param text shown as it is, escaped for HTML
         * @param number the sort key of the cell
         */
        public static Cell of(String text, double number) {
            return new Cell(text, number);
        }

        private boolean isNumber() {
            return !Double.isNaN(key);
        }
    }

    private final String label;
    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * Creates a table without rows.
     *
     * @param label what the table contains, for screen readers
     * @param header names of the columns
     */
    public DataTable(String label, List<String> header) {
        this.label = label;
        this.header = List.copyOf(header);
    }

    /**
     * Adds a row with a cell for each column.
     *
     * @param cells one for each column
     * @return this table
     */
    public DataTable row(Cell... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("expected " + header.size() + " cells, got " + cells.length);
        }
        rows.add(List.of(cells));
        return this;
    }

    /** {@return whether the table has no rows} */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    String markup() {
        StringBuilder out = new StringBuilder(Markup.format(
                "<div class='scroll%s' tabindex='0' role='region' aria-label='%s'><table class='sortable'><thead><tr>",
                rows.size() > TALL ? " tall" : "", Markup.escape(label)));
        for (int column = 0; column < header.size(); column++) {
            out.append("<th scope='col'")
                    .append(isNumeric(column) ? " class='n'" : "")
                    .append('>')
                    .append(Markup.escape(header.get(column)))
                    .append("</th>");
        }
        out.append("</tr></thead><tbody>");
        for (List<Cell> row : rows) {
            out.append("<tr>");
            for (Cell cell : row) {
                out.append(cell.isNumber() ? "<td class='n' data-value='" + cell.key() + "'>" : "<td>")
                        .append(Markup.escape(cell.text()))
                        .append("</td>");
            }
            out.append("</tr>");
        }
        return out.append("</tbody></table></div>").toString();
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).isNumber());
    }
}
