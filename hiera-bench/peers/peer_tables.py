"""Creates tables and a chart from the results of compare.py."""

import statistics
from html import escape

import peer_turns

COLOURS = {"hiera": "#1b6ef3", "peer": "#8a94a6", "onnx": "#c98a2b"}


def rows(entries):
    """Returns entries by row: table, model, batch, type, contender."""
    return {(entry["table"], entry["model"], entry["batch"], entry["dtype"], entry["contender"]): entry
            for entry in entries if "unavailable" not in entry}


def type_of(entry):
    """Returns the element type in which a contender computes, which may differ from that of its group."""
    return entry["contender"].partition("@")[2] or entry["dtype"]


def time_of(entry):
    return peer_turns.median_of(entry["turns"])


def markdown(entries):
    grouped = rows(entries)
    text = []
    for table in dict.fromkeys(place[0] for place in grouped):
        loaded = any(entry["load"] for place, entry in grouped.items() if place[0] == table)
        text.append(f"### {table}\n")
        middle = "idle ms | loaded ms | share of idle | loaded samples/s" if loaded else "ms | samples/s"
        text.append(f"| model | dtype | batch | contender | {middle} | ours is faster by | in single turns | turns |")
        text.append("|---|---|---|---|" + "---|" * (4 if loaded else 2) + "---|---|---|")
        text += [line(entry) for place, entry in grouped.items() if place[0] == table]
        text.append("")
    missing = sorted({(entry["contender"], entry["model"], entry["dtype"], entry["unavailable"]) for entry in entries
                      if "unavailable" in entry})
    if missing:
        text.append("Not measured:\n")
        text += [f"- {contender}, {model}, {dtype}: {reason}" for contender, model, dtype, reason in missing]
        text.append("")
    return "\n".join(text)


def line(entry):
    batch = entry["batch"]
    milliseconds = time_of(entry)
    cells = [entry["model"], type_of(entry), str(batch), entry["backend"]]
    if entry["load"]:
        idle = statistics.median(turn["idleMilliseconds"] for turn in entry["turns"])
        share = statistics.median(turn["share"] for turn in entry["turns"])
        cells += [f"{idle:.0f}", f"{milliseconds:.0f}", f"{100 * share:.0f} %", f"{batch * 1e3 / milliseconds:.2f}"]
    else:
        cells += [f"{milliseconds:.1f}", f"{batch * 1e3 / milliseconds:.2f}"]
    ratios = entry.get("ratios")
    cells += [f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}–{max(ratios):.2f}"] if ratios else ["", ""]
    return "| " + " | ".join([*cells, str(len(entry["turns"]))]) + " |"


def picture(entries):
    """Draws samples per second as bars, one group for each model, type and batch."""
    grouped = rows(entries)
    places = sorted(grouped, key=lambda place: (place[0], place[1], place[2], place[3]))
    height, left, width = 18, 330, 900
    y, body, group = 20, [], None
    peaks = {}
    for place in places:
        rate = place[2] * 1e3 / time_of(grouped[place])
        peaks[place[:4]] = max(peaks.get(place[:4], 0), rate)
    for place in places:
        if place[:4] != group:
            group = place[:4]
            y += 30
            title = f"{place[0]}: {place[1]}, {place[3]}, batch {place[2]} (samples/s)"
            body.append(f'<text x="10" y="{y - 8}" font-weight="bold">{escape(title)}</text>')
        rate = place[2] * 1e3 / time_of(grouped[place])
        length = (width - left - 90) * rate / peaks[group]
        colour = COLOURS[place[4].partition(":")[0]]
        name = grouped[place]["backend"]
        if type_of(grouped[place]) != place[3]:
            name += f", {type_of(grouped[place])}"
        body.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{height - 4}" fill="{colour}"/>')
        body.append(f'<text x="{left + length + 6:.1f}" y="{y + 12}">{rate:.2f}</text>')
        y += height
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + 20}" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{width}" height="{y + 20}" fill="white"/>', *body, "</svg>"]) + "\n"
