package io.github.hiera4j.api.insight.page;

/** The start that all pages share before their content. */
final class PageStyle {
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#222;--paper:#fff;--muted:#666;--line:#ddd;--soft:#f4f4f4;--accent:#1f5fa8}
            @media(prefers-color-scheme:dark){:root{--ink:#e6e6e6;--paper:#161616;--muted:#a0a0a0;--line:#3a3a3a;--soft:#222;
            --accent:#7fb2ec}}
            *{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
            main{max-width:1240px;margin:0 auto;padding:16px}h1{font-size:24px;margin:8px 0 0;overflow-wrap:anywhere}
            h2{font-size:17px;margin:28px 0 0;border-top:1px solid var(--line);padding-top:14px;overflow-wrap:anywhere}
            p{margin:4px 0 10px}.muted{color:var(--muted)}.row{display:grid;gap:12px;margin:0 0 12px;
            grid-template-columns:repeat(auto-fill,minmax(min(216px,46%),1fr))}figure{margin:0;max-width:320px}figcaption{font-size:13px;margin-bottom:3px;overflow-wrap:anywhere}
            figure img{display:block;width:100%;height:auto;image-rendering:pixelated;border-radius:3px}
            .legends{display:flex;flex-wrap:wrap;gap:24px;margin:12px 0}.legend{min-width:240px;max-width:100%;font-size:13px}
            .bar{height:10px;border-radius:3px}.ends{display:flex;justify-content:space-between;color:var(--muted)}
            .wide{overflow-x:auto}table{border-collapse:collapse;font-size:14px}td,th{padding:3px 10px;text-align:left;
            border-bottom:1px solid var(--line)}td.n{text-align:right;font-variant-numeric:tabular-nums}
            @media(max-width:600px){main{padding:12px}}
            """;

    private PageStyle() {}

    static String head(String title) {
        return "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
                + "content='width=device-width,initial-scale=1'><title>" + title + "</title><style>" + STYLE
                + "</style></head><body><main>";
    }
}
