#!/usr/bin/env python3
"""Measures Hiera4j and its peers in turn, so that all see the same conditions, and writes tables and a chart.

    hiera-bench/peers/compare.py                                # every table; hours: see --list
    hiera-bench/peers/compare.py --table load --budget 30       # one table, about half an hour at most
    hiera-bench/peers/compare.py --models hiera_base_224 --batches 1,8 --dtypes float32 --turns 5

All contenders of a group (one model, type and batch) are started and warmed up one after the other, and then wait. Then they are measured
in turn for a few seconds each; the order is rotated by one in each turn. A contender's figure is the median of its runs in all turns; its
ratio to Hiera4j is the median of the ratios within one turn, and the lowest and the highest of them are shown, too. A group is appended to
OUT/results.jsonl when it is finished: the same command continues with the next group, and OUT/tables.md and OUT/speed.svg are written from
the results so far. Contenders that are not installed are left out and listed. If there is not enough memory for all contenders of a group,
they are divided into parts that are measured one after the other, each part together with Hiera4j.

Contenders: hiera:onednn, hiera:torch; peer:eager, compile, autotune, jit, timm, timm-compile, transformers, cast (measure_peer.py);
onnx:ort, ort-int8, openvino (measure_onnx.py). With another type than that of the group: peer:compile@bfloat16, so that one group compares
types, for example --dtypes int8 --contenders hiera:onednn,hiera:onednn@bfloat16,peer:compile@bfloat16,onnx:ort-int8.
"""

import argparse
import functools
import json
import os
import shlex
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import peer_memory
import peer_tables
import peer_turns

HERE = Path(__file__).resolve().parent
IMAGES = "hiera_tiny_224,hiera_small_224,hiera_base_224,hiera_base_plus_224,hiera_large_224,hiera_huge_224"
VIDEOS = "hiera_base_16x224,hiera_base_plus_16x224,hiera_large_16x224,hiera_huge_16x224"
SECONDS, SECONDS_UNDER_LOAD = 3, 8
PEERS = "peer:eager,peer:compile,peer:timm,peer:transformers"

# The content of every table: models, batches, types, contenders, further settings. Start and turn are rough estimates in seconds for one
# contender: until it is warm, and of a turn if it takes longer than requested.
TABLES = {
    "types": dict(models="hiera_base_224", batches="8,1", dtypes="int8",
                  contenders="hiera:onednn,hiera:onednn@bfloat16,peer:compile@bfloat16,onnx:ort-int8", start=40, turn=3),
    "images": dict(models=IMAGES, batches="8,1", dtypes="float32,bfloat16,int8",
                   contenders=f"hiera:onednn,{PEERS},onnx:ort,onnx:ort-int8,onnx:openvino", start=25, turn=4),
    "autotune": dict(models="hiera_base_224", batches="1", dtypes="float32,bfloat16",
                     contenders="hiera:onednn,peer:autotune,hiera:torch", start=90, turn=3),
    "videos": dict(models=VIDEOS, batches="1", dtypes="float32,bfloat16,int8",
                   contenders="hiera:onednn,peer:eager,peer:compile,onnx:ort,onnx:ort-int8,onnx:openvino", start=60, turn=8),
    "load": dict(models="hiera_base_224", batches="8,1", dtypes="float32,bfloat16,int8",
                 contenders="hiera:onednn,peer:compile,peer:eager,onnx:ort,onnx:openvino", load=1, start=25, turn=12),
    "train": dict(models="hiera_base_224,mae_hiera_base_224", batches="16", dtypes="float32,bfloat16",
                  contenders="hiera:torch,peer:eager,peer:timm,peer:transformers", train=True, start=40, turn=10),
    "train-load": dict(models="hiera_base_224", batches="16", dtypes="float32",
                       contenders="hiera:torch,peer:eager", train=True, load=1, start=40, turn=90),
}


def find_hiera():
    own = HERE.parent.parent / "hiera"
    return str(own) if own.exists() else "hiera"


def onnx_file(options, model):
    """Returns the model as ONNX, exported on first use."""
    path = options.out / "onnx" / f"{model}.onnx"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        exported = subprocess.run(
            shlex.split(options.hiera) + ["export", f"formula:{model}", str(path)], capture_output=True, text=True)
        if exported.returncode != 0:
            raise peer_turns.Unavailable(f"exporting {model}: {exported.stderr.strip()[-300:]}")
    return str(path)


def command(group, contender, options):
    """Returns the command line that measures a contender in turns."""
    kind, _, engine = contender.partition("@")[0].partition(":")
    dtype = type_of(contender, group["dtype"])
    common = ["--batch", str(group["batch"]), "--threads", str(options.threads), "--turns"]
    if group["load"]:
        common += ["--load", str(group["load"])]
    if kind == "onnx":
        return [options.onnx_python, str(HERE / "measure_onnx.py"), "--model", group["model"], "--engine", engine,
                "--dtype", dtype, "--file", onnx_file(options, group["model"])] + common
    common += ["--dtype", dtype] + (["--train"] if group["train"] else [])
    if kind == "hiera":
        backend = [] if group["train"] else ["--backend", engine]
        return shlex.split(options.hiera) + ["benchmark", group["model"], "--json"] + backend + common
    return [options.python, str(HERE / "measure_peer.py"), "--model", group["model"], "--engine", engine] + common


def type_of(contender, dtype):
    """Returns the element type of a contender: that of its group, unless it has its own."""
    return contender.partition("@")[2] or dtype


def fits(contender, dtype):
    """Returns whether a contender computes in a type."""
    if "@" in contender:
        return True
    if dtype == "int8":
        return contender in ("hiera:onednn", "onnx:ort-int8")
    return contender != "onnx:ort-int8" and (dtype == "float32" or contender != "onnx:ort")


def groups(options):
    """Returns all groups in order. The contenders of a group are measured together."""
    for name, table in options.tables.items():
        for model in table["models"].split(","):
            for batch in map(int, table["batches"].split(",")):
                for dtype in table["dtypes"].split(","):
                    contenders = [contender for contender in table["contenders"].split(",") if fits(contender, dtype)]
                    if contenders:
                        yield dict(table=name, model=model, dtype=dtype, batch=batch, contenders=contenders, threads=options.threads,
                                   load=table.get("load", 0), train=table.get("train", False))


def jobs(group):
    """Returns the contenders of a group with the settings of the group, as they are saved."""
    settings = {name: value for name, value in group.items() if name != "contenders"}
    return [{**settings, "contender": contender} for contender in group["contenders"]]


def key(job):
    return tuple(job[name] for name in ("table", "model", "dtype", "batch", "contender", "threads", "load", "train"))


def row(job):
    """Returns what a contender refuses if it refuses one batch size."""
    return job["table"], job["model"], job["dtype"], job["contender"]


def own(contenders):
    """Returns the contender that the others are compared with, or None."""
    return next((contender for contender in contenders if contender.startswith("hiera:")), None)


def seconds_of(group, options):
    return options.seconds if options.seconds is not None else SECONDS_UNDER_LOAD if group["load"] else SECONDS


def measure(group, options):
    """Returns an entry for each contender: its turns and its ratios to Hiera4j, or why there are none."""
    first = own(group["contenders"])
    parts = peer_memory.parts(group, first, options)
    if len(parts) > 1:
        say(f"the memory is not sufficient for all at once: {len(parts)} parts, {' | '.join(', '.join(part) for part in parts)}")
    found = {}
    for part in parts:
        commands = {contender: functools.partial(command, group, contender, options) for contender in part}
        measured = peer_turns.measure(commands, options.turns, seconds_of(group, options), options.timeout, say, first)
        if first and "unavailable" in measured[first]:
            found.update(measured)
            break
        for contender, result in measured.items():
            if first and contender != first and "turns" in result:
                result["ratios"] = peer_turns.ratios(measured[first]["turns"], result["turns"])
        if first in found:  # Hiera4j is measured in every part
            measured[first]["turns"] = found[first]["turns"] + measured[first]["turns"]
        found.update(measured)
    return [{**found[job["contender"]], **job} for job in jobs(group) if job["contender"] in found]


def read(results):
    """Returns the results of earlier calls; an incomplete last line, and rounds of an earlier version, are left out."""
    done = {}
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                if "turns" in entry or "unavailable" in entry:
                    done[key(entry)] = entry
            except (ValueError, KeyError):
                continue
    return done


def remaining(group, done, options):
    """Returns a group without the contenders that were not available, or None if it is finished or cannot be measured."""
    refused = {row(entry) for entry in done.values() if "unavailable" in entry}
    left = [job for job in jobs(group) if row(job) not in refused]
    # A type that Hiera4j does not support on this machine is emulated by the peers, which is slow.
    if own(group["contenders"]) != own(job["contender"] for job in left):
        return None
    if all(len(done.get(key(job), {}).get("turns", [])) >= options.turns for job in left):
        return None
    return {**group, "contenders": [job["contender"] for job in left]}


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(options):
    options.out.mkdir(parents=True, exist_ok=True)
    results = options.out / "results.jsonl"
    done = read(results)
    if options.retry:
        done = {known: entry for known, entry in done.items() if "unavailable" not in entry}
    deadline = time.monotonic() + options.budget * 60 if options.budget else None
    left = 0
    for whole in groups(options):
        group = remaining(whole, done, options)
        if not group:
            continue
        if deadline and time.monotonic() > deadline:
            left += 1
            continue
        say(f"{group['table']} {group['model']} {group['dtype']} n={group['batch']}, {options.turns} turns")
        entries = measure(group, options)
        done.update((key(entry), entry) for entry in entries)
        with results.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(entry) + "\n" for entry in entries))
        for entry in entries:
            if "turns" in entry:
                ratios = entry.get("ratios")
                compared = f", ours is faster by {statistics.median(ratios):.2f}" if ratios else ""
                say(f"  {entry['contender']}: {peer_turns.median_of(entry['turns']):.1f} ms{compared}")
    wanted = [key(job) for group in groups(options) for job in jobs(group)]
    entries = [done[job] for job in wanted if job in done]
    text = peer_tables.markdown(entries)
    (options.out / "tables.md").write_text(text, encoding="utf-8")
    (options.out / "speed.svg").write_text(peer_tables.picture(entries), encoding="utf-8")
    print(text)
    say(f"written: {options.out / 'tables.md'}, {options.out / 'speed.svg'}")
    if left:
        say(f"{left} groups are left: run the same command again")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", help="tables, separated by commas: " + ", ".join(TABLES) + " (default: all)")
    parser.add_argument("--list", action="store_true", help="show the measurements and their approximate duration, and exit")
    parser.add_argument("--models", help="measure these instead of a table")
    parser.add_argument("--batches", default="1,8")
    parser.add_argument("--dtypes", default="float32,bfloat16")
    parser.add_argument("--contenders", default=f"hiera:onednn,hiera:torch,{PEERS}")
    parser.add_argument("--train", action="store_true", help="training steps; contenders such as hiera:torch,peer:eager")
    parser.add_argument("--load", type=int, default=0, metavar="N", help="measure idle and with N busy processes")
    parser.add_argument("--turns", "--rounds", type=int, default=5, metavar="N", help="turns of each group (default: %(default)s)")
    parser.add_argument("--seconds", type=float, metavar="S",
                        help=f"seconds of a turn, but at least one run (default: {SECONDS}; under load {SECONDS_UNDER_LOAD})")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=900, help="maximum seconds until a contender is warm, and of a turn")
    parser.add_argument("--memory", type=float, metavar="GB", help="memory for all contenders of a group (default: what is available)")
    parser.add_argument("--budget", type=float, metavar="MINUTES", help="start no group after this time")
    parser.add_argument("--retry", action="store_true", help="retry contenders that were not available")
    parser.add_argument("--out", type=Path, default=Path("peers-results"), help="the folder of results, tables and chart")
    parser.add_argument("--hiera", default=find_hiera(), help="the command line of Hiera4j (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the Python that has PyTorch, timm, transformers")
    parser.add_argument("--onnx-python", help="the Python that has onnxruntime, onnx, openvino (default: --python)")
    options = parser.parse_args()
    if options.turns < 1 or (options.seconds is not None and options.seconds < 0):
        parser.error("expected at least 1 turn, and no negative number of seconds")
    options.onnx_python = options.onnx_python or options.python
    if options.models and options.table:
        parser.error("expected --table or --models, not both: with --models, --train and --load choose what is measured")
    if not options.models and (options.train or options.load):
        parser.error("--train and --load need --models: the tables 'train' and 'load' have their own models")
    if options.models:
        options.tables = {"own": dict(models=options.models, batches=options.batches, dtypes=options.dtypes,
                                      contenders=options.contenders, train=options.train, load=options.load)}
    else:
        names = options.table.split(",") if options.table else list(TABLES)
        unknown = [name for name in names if name not in TABLES]
        if unknown:
            parser.error(f"no table '{unknown[0]}': expected {', '.join(TABLES)}")
        options.tables = {name: TABLES[name] for name in names}
    return options


def main():
    options = parse()
    if options.list:
        total = 0
        for group in groups(options):
            table = options.tables[group["table"]]
            turn = max(seconds_of(group, options), table.get("turn", 0))
            total += len(group["contenders"]) * (table.get("start", 25) + options.turns * turn)
            print(group["table"], group["model"], group["dtype"], f"n={group['batch']}", ", ".join(group["contenders"]))
        say(f"{options.turns} turns: about {total / 3600:.1f} hours")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends all contenders
    try:
        run(options)
    except KeyboardInterrupt:
        say("interrupted: the same command measures the group again")
        sys.exit(130)


if __name__ == "__main__":
    main()
