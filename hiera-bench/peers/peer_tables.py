"""Creates tables and a chart from the results of compare.py."""

import statistics
from html import escape

COLOURS = {"hiera": "#1b6ef3", "peer": "#8a94a6", "onnx": "#c98a2b"}


def rows(entries):
    """Groups entries by row (table, model, type, batch, contender), with one entry for each round."""
    grouped = {}
    for entry in entries:
        if "unavailable" not in entry:
            place = (entry["table"], entry["model"], entry["batch"], entry["dtype"], entry["contender"])
            grouped.setdefault(place, []).append(entry)
    return grouped


def time_of(entry):
    return entry["loadedMilliseconds"] if entry["load"] else entry["milliseconds"]


def faster_by(first, others):
    """Returns the median over rounds of the first contender's speed relative to another one."""
    own = {entry["round"]: time_of(entry) for entry in first}
    ratios = [time_of(entry) / own[entry["round"]] for entry in others if entry["round"] in own]
    return statistics.median(ratios) if ratios else None


def first_of(grouped, place):
    """Returns the entries of Hiera4j in the same row and type, or an empty list."""
    for candidate in grouped:
        if candidate[:4] == place[:4] and candidate[4].startswith("hiera:"):
            return grouped[candidate]
    return []


def markdown(entries):
    grouped = rows(entries)
    text = []
    for table in dict.fromkeys(place[0] for place in grouped):
        loaded = any(entry["load"] for place, of in grouped.items() if place[0] == table for entry in of)
        text.append(f"### {table}\n")
        middle = "idle ms | loaded ms | share of idle | loaded samples/s" if loaded else "ms | samples/s"
        text.append(f"| model | dtype | batch | contender | {middle} | ours is faster by | rounds |")
        text.append("|---|---|---|---|" + "---|" * (4 if loaded else 2) + "---|---|")
        for place, of in grouped.items():
            if place[0] == table:
                text.append(line(place, of, first_of(grouped, place)))
        text.append("")
    missing = sorted({(entry["contender"], entry["model"], entry["dtype"], entry["unavailable"]) for entry in entries
                      if "unavailable" in entry})
    if missing:
        text.append("Not measured:\n")
        text += [f"- {contender}, {model}, {dtype}: {reason}" for contender, model, dtype, reason in missing]
        text.append("")
    return "\n".join(text)


def line(place, of, first):
    _, model, batch, dtype, _ = place
    milliseconds = statistics.median(map(time_of, of))
    cells = [model, dtype, str(batch), of[0]["backend"]]
    if of[0]["load"]:
        idle = statistics.median(entry["idleMilliseconds"] for entry in of)
        share = statistics.median(entry["share"] for entry in of)
        cells += [f"{idle:.0f}", f"{milliseconds:.0f}", f"{100 * share:.0f} %", f"{batch * 1e3 / milliseconds:.2f}"]
    else:
        cells += [f"{milliseconds:.1f}", f"{batch * 1e3 / milliseconds:.2f}"]
    ratio = faster_by(first, of) if first and first is not of else None
    cells += ["" if ratio is None else f"{ratio:.2f}", str(len(of))]
    return "| " + " | ".join(cells) + " |"


def picture(entries):
    """Draws samples per second as bars, one group for each model, type and batch."""
    grouped = rows(entries)
    places = sorted(grouped, key=lambda place: (place[0], place[1], place[2], place[3]))
    height, left, width = 18, 330, 900
    y, body, group = 20, [], None
    peaks = {}
    for place in places:
        rate = place[2] * 1e3 / statistics.median(map(time_of, grouped[place]))
        peaks[place[:4]] = max(peaks.get(place[:4], 0), rate)
    for place in places:
        if place[:4] != group:
            group = place[:4]
            y += 30
            title = f"{place[0]}: {place[1]}, {place[3]}, batch {place[2]} (samples/s)"
            body.append(f'<text x="10" y="{y - 8}" font-weight="bold">{escape(title)}</text>')
        rate = place[2] * 1e3 / statistics.median(map(time_of, grouped[place]))
        length = (width - left - 90) * rate / peaks[group]
        colour = COLOURS[place[4].partition(":")[0]]
        name = grouped[place][0]["backend"]
        body.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{height - 4}" fill="{colour}"/>')
        body.append(f'<text x="{left + length + 6:.1f}" y="{y + 12}">{rate:.2f}</text>')
        y += height
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + 20}" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{width}" height="{y + 20}" fill="white"/>', *body, "</svg>"]) + "\n"
