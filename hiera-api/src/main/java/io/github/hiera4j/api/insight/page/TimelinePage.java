package io.github.hiera4j.api.insight.page;

import io.github.hiera4j.api.insight.picture.Hues;
import io.github.hiera4j.media.Rgb8Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A strip of a video over time, which can be zoomed: thumbnails, coloured parts, and a curve. */
public final class TimelinePage {
    private final String name;
    private final double duration;
    private final List<Part> parts;
    private final List<double[]> curve;
    private final Map<Double, Rgb8Image> thumbnails;

    /**
     * A part of the time.
     *
     * @param start in seconds
     * @param end in seconds
     * @param label the class
     * @param value from 0 to 1
     */
    public record Part(double start, double end, String label, double value) {}

    /**
     * Creates a strip.
     *
     * @param name the file
     * @param duration in seconds, above 0
     * @param parts coloured by their label
     * @param curve pairs of a time in seconds and a value from 0 to 1
     * @param thumbnails small frames by their time in seconds
     */
    public TimelinePage(
            String name, double duration, List<Part> parts, List<double[]> curve, Map<Double, Rgb8Image> thumbnails) {
        this.name = name;
        this.duration = duration;
        this.parts = List.copyOf(parts);
        this.curve = new ArrayList<>(curve);
        this.thumbnails = new LinkedHashMap<>(thumbnails);
    }

    /**
     * Returns the style and script of strips, which a page needs once.
     *
     * @return HTML
     */
    public static String support() {
        return """
                <style>.strip{overflow-x:auto;border:1px solid var(--line);border-radius:4px;margin:6px 0}
                .inner{position:relative;overflow:hidden;height:170px;width:100%;min-width:100%}.inner img{position:absolute;top:0;height:72px;
                width:auto;border-radius:2px}.part{position:absolute;top:78px;height:34px;overflow:hidden;white-space:nowrap;
                font-size:12px;line-height:34px;padding-left:3px;color:#111;border-right:1px solid var(--paper)}
                .inner svg{position:absolute;left:0;top:116px;width:100%;height:36px}.inner polyline{fill:none;stroke:var(--accent);
                stroke-width:1.5;vector-effect:non-scaling-stroke}.tick{position:absolute;top:152px;font-size:11px;color:var(--muted);
                border-left:1px solid var(--line);padding-left:2px}.zoom{display:flex;gap:8px;align-items:center;font-size:13px;flex-wrap:wrap}
                .zoom input{flex:1;min-width:120px;max-width:320px}</style>
                <script>
                function setZoom(input){
                  const strip=input.closest('section').querySelector('.strip'),inner=strip.firstElementChild;
                  const middle=(strip.scrollLeft+strip.clientWidth/2)/inner.clientWidth;
                  const factor=Math.pow(2,+input.value);
                  inner.style.width=100*factor+'%';
                  strip.scrollLeft=middle*inner.clientWidth-strip.clientWidth/2;
                  thin(inner);
                }
                function thin(inner){
                  let right=-1;
                  for(const image of inner.querySelectorAll('img')){
                    const left=image.dataset.at*inner.clientWidth,shown=left>=right;
                    image.style.display=shown?'':'none';
                    if(shown)right=left+image.width*72/image.height+2;
                  }
                  right=-1;
                  for(const tick of inner.querySelectorAll('.tick')){
                    const left=tick.dataset.at*inner.clientWidth,shown=left>=right&&left+60<=inner.clientWidth;
                    tick.style.display=shown?'':'none';
                    if(shown)right=left+64;
                  }
                }
                addEventListener('load',()=>document.querySelectorAll('.inner').forEach(thin));
                addEventListener('resize',()=>document.querySelectorAll('.inner').forEach(thin));
                </script>
                """;
    }

    /**
     * Returns the strip.
     *
     * @param hues the colours of classes, the same for all strips of a page
     * @return HTML, a separate section
     */
    public String html(Hues hues) {
        StringBuilder html = new StringBuilder("<section><h2>")
                .append(Page.escaped(name))
                .append("</h2><p class='muted'>")
                .append(clock(duration))
                .append(", ")
                .append(parts.size())
                .append(parts.size() == 1 ? " segment" : " segments")
                .append(
                        "; the curve is the likeliest class's probability, 0 to 1</p><label class='zoom'>zoom<input type='range' ")
                .append("min='0' max='8' step='0.1' value='0' aria-label='zoom' oninput='setZoom(this)'></label>")
                .append("<div class='strip'><div class='inner'>");
        thumbnails.forEach((time, picture) -> html.append("<img loading='lazy' data-at='")
                .append(share(time))
                .append("' style='left:")
                .append(percent(time))
                .append("' width='")
                .append(picture.width())
                .append("' height='")
                .append(picture.height())
                .append("' alt='' title='")
                .append(clock(time))
                .append("' src='")
                .append(Page.dataUri(picture))
                .append("'>"));
        for (Part part : parts) {
            String text = part.label() + String.format(Locale.ROOT, " %.0f %%", 100 * part.value());
            html.append("<div class='part' style='left:")
                    .append(percent(part.start()))
                    .append(";width:")
                    .append(percent(part.end() - part.start()))
                    .append(";background:")
                    .append(hues.css(part.label()))
                    .append("' title='")
                    .append(Page.escaped(clock(part.start()) + " to " + clock(part.end()) + ": " + text))
                    .append("'>")
                    .append(Page.escaped(part.label()))
                    .append("</div>");
        }
        html.append("<svg viewBox='0 0 1 1' preserveAspectRatio='none' aria-hidden='true'><polyline points='");
        curve.forEach(
                point -> html.append(String.format(Locale.ROOT, "%.6f,%.4f ", point[0] / duration, 1 - point[1])));
        html.append("'/></svg>");
        for (int tick = 0; tick < 200; tick++) {
            double time = duration * tick / 200;
            html.append("<div class='tick' data-at='")
                    .append(share(time))
                    .append("' style='left:")
                    .append(percent(time))
                    .append("'>")
                    .append(clock(time))
                    .append("</div>");
        }
        return html.append("</div></div></section>").toString();
    }

    private String share(double time) {
        return String.format(Locale.ROOT, "%.6f", time / duration);
    }

    private String percent(double time) {
        return String.format(Locale.ROOT, "%.4f%%", 100 * time / duration);
    }

    /**
     * Formats a time.
     *
     * @param seconds 0 or more
     * @return hours, minutes and seconds
     */
    public static String clock(double seconds) {
        long tenths = Math.round(seconds * 10);
        long whole = tenths / 10;
        return String.format(Locale.ROOT, "%d:%02d:%02d.%d", whole / 3600, whole / 60 % 60, whole % 60, tenths % 10);
    }
}
