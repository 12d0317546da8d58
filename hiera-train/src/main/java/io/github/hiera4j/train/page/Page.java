package io.github.hiera4j.train.page;

import io.github.hiera4j.model.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One self-contained page, built section by section. It follows the reader's light or dark setting, fits screens of 390 pixels and
 * wider, and has a content policy that forbids browsers to load anything.
 */
public final class Page {
    private static final int LARGE = 480; // pictures with labels that must be legible

    private static final String POLICY =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    private final String title;
    private final String subtitle;
    private final StringBuilder body = new StringBuilder();

    /**
     * Creates an empty page.
     *
     * @param title the title of the window and the first heading, escaped for HTML
     * @param subtitle one line below the title
     */
    public Page(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /** {@return a fragment of a page, to be added to a whole page with {@link #append}} */
    public static Page piece() {
        return new Page("", "");
    }

    /**
     * Adds the content of a fragment.
     *
     * @param piece the fragment
     * @return this page
     */
    public Page append(Page piece) {
        body.append(piece.body);
        return this;
    }

    /**
     * Starts a section.
     *
     * @param text one line or paragraph, escaped for HTML
     * @return this page
     */
    public Page heading(String text) {
        return element("h2", text);
    }

    /**
     * Starts a subsection.
     *
     * @param text one line or paragraph, escaped for HTML
     * @return this page
     */
    public Page subheading(String text) {
        return element("h3", text);
    }

    /**
     * {@return this page} Adds a paragraph.
     *
     * @param text one line or paragraph, escaped for HTML
     */
    public Page paragraph(String text) {
        return element("p", text);
    }

    private Page element(String name, String text) {
        body.append('<').append(name).append('>').append(Markup.escape(text));
        body.append("</").append(name).append('>');
        return this;
    }

    /**
     * Adds the most important figures, each with its name. Long ones, such as a command, take a line of their own.
     *
     * @param facts text by name
     * @return this page
     */
    public Page facts(Map<String, String> facts) {
        body.append("<dl class='facts'>");
        facts.forEach((name, value) -> {
            boolean isLong = value.length() > 34;
            body.append(isLong ? "<div class='wide'><dt>" : "<div><dt>")
                    .append(Markup.escape(name))
                    .append(isLong ? "</dt><dd><code>" : "</dt><dd>")
                    .append(isLong ? words(value) : Markup.escape(value))
                    .append(isLong ? "</code></dd></div>" : "</dd></div>");
        });
        body.append("</dl>");
        return this;
    }

    /** Returns text that breaks between words if possible, never after the hyphens of an option. */
    private static String words(String text) {
        return Arrays.stream(text.split(" "))
                .map(word -> "<span>" + Markup.escape(word) + "</span>")
                .collect(Collectors.joining(" "));
    }

    /**
     * Adds charts in a grid; those without points are left out.
     *
     * @param charts drawn in a grid of one to three columns, as wide as the window allows
     * @return this page
     */
    public Page charts(List<LineChart> charts) {
        body.append("<div class='charts'>");
        charts.stream().filter(chart -> !chart.isEmpty()).forEach(chart -> body.append(chart.markup()));
        body.append("</div>");
        return this;
    }

    /**
     * Adds a confusion matrix.
     *
     * @param names names of the classes by index
     * @param counts row: true class, column: predicted class
     * @return this page
     */
    public Page matrix(List<String> names, int[][] counts) {
        body.append(new MatrixChart(names, counts).markup());
        return this;
    }

    /**
     * {@return this page} Adds a table.
     *
     * @param table sortable by every column; scrolls if it is wider than the window
     */
    public Page table(DataTable table) {
        body.append(table.markup());
        return this;
    }

    /**
     * Adds percentages as bars.
     *
     * @param label description of the comparison, for screen readers
     * @param shares fractions from 0 to 1, by name
     * @param main the name of the highlighted bar
     * @return this page
     */
    public Page bars(String label, Map<String, Double> shares, String main) {
        body.append("<table class='bars' aria-label='")
                .append(Markup.escape(label))
                .append("'>");
        shares.forEach((name, share) -> body.append(Markup.format(
                "<tr%s><th scope='row'>%s</th><td class='bar'><div style='width:%.1f%%'></div></td><td class='n'>%.1f %%</td></tr>",
                name.equals(main) ? " class='main'" : "", Markup.escape(name), 100 * share, 100 * share)));
        body.append("</table>");
        return this;
    }

    /**
     * Adds pictures in a regular grid; large ones have wider cells.
     *
     * @param pictures in order; their pixels are embedded in the page
     * @return this page
     */
    public Page pictures(Collection<Picture> pictures) {
        boolean large = !pictures.isEmpty()
                && pictures.stream().allMatch(picture -> picture.image().width() >= LARGE);
        body.append(large ? "<div class='pictures large'>" : "<div class='pictures'>");
        pictures.forEach(picture -> body.append(picture.markup()));
        body.append("</div>");
        return this;
    }

    /**
     * Adds sets of pictures that belong together, such as an original and its reconstruction; each set wraps on small screens.
     *
     * @param sets pictures that belong together
     * @return this page
     */
    public Page pictureSets(Collection<List<Picture>> sets) {
        boolean isLong = sets.stream().anyMatch(set -> set.size() > 3);
        body.append(isLong ? "<div class='sets long'>" : "<div class='sets'>");
        for (List<Picture> set : sets) {
            body.append("<div class='set'>");
            set.forEach(picture -> body.append(picture.markup()));
            body.append("</div>");
        }
        body.append("</div>");
        return this;
    }

    /**
     * Adds names and values that are shown on demand.
     *
     * @param summary shown while the details are collapsed
     * @param values text by name
     * @return this page
     */
    public Page details(String summary, Map<String, String> values) {
        body.append("<details><summary>")
                .append(Markup.escape(summary))
                .append("</summary><div class='scroll'><table>");
        values.forEach((name, value) -> body.append("<tr><th scope='row'>")
                .append(Markup.escape(name))
                .append("</th><td>")
                .append(Markup.escape(value))
                .append("</td></tr>"));
        body.append("</table></div></details>");
        return this;
    }

    /** {@return the whole page} */
    public String html() {
        return "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
                + "<meta name='viewport' content='width=device-width, initial-scale=1'>"
                + "<meta name='color-scheme' content='light dark'>"
                + "<meta http-equiv='Content-Security-Policy' content=\"" + POLICY + "\"><title>"
                + Markup.escape(title) + "</title><style>" + resource("page.css") + "</style></head><body><main><h1>"
                + Markup.escape(title) + "</h1><p class='muted'>" + Markup.escape(subtitle) + "</p>" + body
                + "</main><script>" + resource("page.js") + "</script></body></html>\n";
    }

    /**
     * Writes the page, atomically replacing an older one.
     *
     * @param file the file, in UTF-8
     * @throws io.github.hiera4j.model.HieraException if it cannot be written
     */
    public void write(Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(html().getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
