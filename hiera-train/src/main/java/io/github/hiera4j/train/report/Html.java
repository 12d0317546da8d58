package io.github.hiera4j.train.report;

import io.github.hiera4j.media.Rgb8Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** One self-contained page, built section by section; nothing is loaded from elsewhere. */
public final class Html {
    private static final String STYLE = """
            :root{color-scheme:light}body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:1040px;margin:32px auto;
            padding:0 20px}h1{font-size:26px;margin-bottom:2px}h2{font-size:19px;margin-top:36px;border-bottom:1px solid #ddd}
            .row{display:flex;flex-wrap:wrap;gap:24px}.row>div{flex:1 1 420px;min-width:0;max-width:520px}svg{width:100%;height:auto}
            svg text{font-size:11px;fill:#444}svg .grid{stroke:#e4e4e4}table{border-collapse:collapse}
            td,th{padding:4px 12px;text-align:left;border-bottom:1px solid #e4e4e4}td.n{text-align:right;
            font-variant-numeric:tabular-nums}figure{display:inline-block;margin:6px;text-align:center;font-size:12px}
            figure img{image-rendering:pixelated;display:block;margin:0 auto 2px}.wrong{color:#b03a1a}.muted{color:#777}
            code{background:#f3f3f3;padding:1px 4px}details{margin-top:12px}
            """;

    private final StringBuilder body = new StringBuilder();

    /** @param subtitle one line below the title */
    public Html(String title, String subtitle) {
        body.append("<!doctype html><html lang='en'><meta charset='utf-8'><title>")
                .append(escape(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><h1>")
                .append(escape(title))
                .append("</h1><p class='muted'>")
                .append(escape(subtitle))
                .append("</p>");
    }

    private Html() {}

    /** A piece of a page without a head, to be put in with {@link #append}. */
    public static Html piece() {
        return new Html();
    }

    /** Puts a piece at the end. */
    public void append(Html piece) {
        body.append(piece.body);
    }

    public void heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>");
    }

    public void paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>");
    }

    /** Pieces of markup side by side. */
    void row(List<String> pieces) {
        body.append("<div class='row'>");
        pieces.forEach(piece -> body.append("<div>").append(piece).append("</div>"));
        body.append("</div>");
    }

    /** A table; cells that look like numbers are aligned to the right. */
    public void table(List<String> header, List<List<String>> rows) {
        body.append("<table><tr>");
        header.forEach(cell -> body.append("<th>").append(escape(cell)).append("</th>"));
        body.append("</tr>");
        for (List<String> row : rows) {
            body.append("<tr>");
            row.forEach(cell -> body.append(cell.matches("[-+]?[\\d.,e-]+ ?%?( s)?") ? "<td class='n'>" : "<td>")
                    .append(escape(cell))
                    .append("</td>"));
            body.append("</tr>");
        }
        body.append("</table>");
    }

    /** A picture with a caption, enlarged to a width in pixels of the screen. */
    public void picture(Rgb8Image image, int width, String caption, boolean warn) {
        body.append("<figure")
                .append(warn ? " class='wrong'" : "")
                .append("><img width='")
                .append(width)
                .append("' src='data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png(image)))
                .append("' alt=''>")
                .append(escape(caption))
                .append("</figure>");
    }

    /** Something long that opens on demand. */
    public void details(String summary, List<List<String>> rows) {
        body.append("<details><summary>").append(escape(summary)).append("</summary>");
        table(List.of("setting", "value"), rows);
        body.append("</details>");
    }

    /** Writes the page, replacing an older one as a whole. */
    public void write(Path file) {
        TextFile.write(file, body + "</html>\n");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;");
    }

    private static byte[] png(Rgb8Image image) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                picture.setRGB(x, y, image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }
}
