package io.github.hiera4j.api.insight.page;

import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A self-contained HTML page: pictures are embedded, no network is used, it follows the reader's light or dark setting and fits the
 * screen of a phone. It is written section by section, so that pictures are encoded only while they are written.
 */
public final class Page {
    private static final int LEGEND_STEPS = 24;

    private final String title;
    private final String subtitle;
    private final List<Supplier<String>> sections = new ArrayList<>();

    /**
     * Starts a page.
     *
     * @param title the title
     * @param subtitle one line below the title
     */
    public Page(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /**
     * Adds a sheet: its panels side by side under the file's name.
     *
     * @param sheet the sheet
     * @return this page
     */
    public Page sheet(Sheet sheet) {
        sections.add(() -> {
            StringBuilder html = new StringBuilder("<section><h2>")
                    .append(escaped(sheet.name()))
                    .append("</h2><p class='muted'>")
                    .append(escaped(sheet.caption()))
                    .append("</p>");
            for (List<Panel> row : sheet.rows()) {
                html.append("<div class='row'>");
                row.forEach(panel -> html.append("<figure><figcaption>")
                        .append(escaped(panel.title()))
                        .append("</figcaption>")
                        .append(image(panel.picture(), panel.title()))
                        .append("</figure>"));
                html.append("</div>");
            }
            return html.append("</section>").toString();
        });
        return this;
    }

    /**
     * Adds the legends of scales.
     *
     * @param scales the scales of the colours
     * @return this page
     */
    public Page legends(List<Scale> scales) {
        sections.add(() -> {
            StringBuilder html = new StringBuilder("<div class='legends'>");
            scales.forEach(scale -> html.append(legend(scale)));
            return html.append("</div>").toString();
        });
        return this;
    }

    /**
     * Adds a table; cells that look like numbers are aligned to the right.
     *
     * @param heading above the table
     * @param header one cell per column
     * @param rows the cells
     * @return this page
     */
    public Page table(String heading, List<String> header, List<List<String>> rows) {
        sections.add(() -> {
            StringBuilder html =
                    new StringBuilder("<h2>").append(escaped(heading)).append("</h2><div class='wide'><table><tr>");
            header.forEach(cell -> html.append("<th>").append(escaped(cell)).append("</th>"));
            html.append("</tr>");
            for (List<String> row : rows) {
                html.append("<tr>");
                row.forEach(cell -> html.append(cell.matches("[-+]?[\\d.,e-]{1,24} ?%?") ? "<td class='n'>" : "<td>")
                        .append(escaped(cell))
                        .append("</td>"));
                html.append("</tr>");
            }
            return html.append("</table></div>").toString();
        });
        return this;
    }

    /**
     * Adds markup unchanged.
     *
     * @param markup HTML with escaped text
     * @return this page
     */
    public Page markup(Supplier<String> markup) {
        sections.add(markup);
        return this;
    }

    /**
     * Writes the page, atomically replacing an older one.
     *
     * @param target the file
     */
    public void write(Path target) {
        AtomicFile.write(target, channel -> {
            put(channel, PageStyle.head(escaped(title)));
            put(channel, "<h1>" + escaped(title) + "</h1><p class='muted'>" + escaped(subtitle) + "</p>");
            for (Supplier<String> section : sections) {
                put(channel, section.get());
            }
            put(channel, "</main></body></html>\n");
        });
    }

    private static void put(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String legend(Scale scale) {
        StringBuilder stops = new StringBuilder();
        for (int i = 0; i <= LEGEND_STEPS; i++) {
            stops.append(i == 0 ? "" : ",")
                    .append(String.format(Locale.ROOT, "#%06x", scale.colours().rgb((double) i / LEGEND_STEPS)));
        }
        return "<div class='legend'><div>" + escaped(scale.label()) + "</div><div class='bar' style='background:"
                + "linear-gradient(to right," + stops + ")'></div><div class='ends'><span>" + number(scale.low())
                + "</span><span>" + number(scale.high()) + "</span></div></div>";
    }

    /**
     * Formats a number with three digits.
     *
     * @param value the number
     * @return the text
     */
    public static String number(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
    }

    /**
     * Returns an HTML element with an embedded picture.
     *
     * @param picture the picture
     * @param description for screen readers
     * @return HTML
     */
    public static String image(Rgb8Image picture, String description) {
        return "<img width='" + picture.width() + "' height='" + picture.height() + "' alt='" + escaped(description)
                + "' src='" + dataUri(picture) + "'>";
    }

    /**
     * Returns an address with an embedded picture.
     *
     * @param picture the picture
     * @return a {@code data:} address
     */
    public static String dataUri(Rgb8Image picture) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Png.encode(picture));
    }

    /**
     * Escapes text for HTML.
     *
     * @param text any text
     * @return HTML
     */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
