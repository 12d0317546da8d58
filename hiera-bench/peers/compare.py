#!/usr/bin/env python3
"""Measures Hiera4j and its peers alternately, so that all see the same conditions, and writes tables and a chart.

    hiera-bench/peers/compare.py                                # every table; hours: see --list
    hiera-bench/peers/compare.py --table load --budget 30       # one table, at most half an hour
    hiera-bench/peers/compare.py --models hiera_base_224 --batches 1,8 --dtypes float32 --rounds 3

In every round, each contender runs once in a separate process. A contender's figure is the median over rounds; its ratio to the first
contender is the median of the ratios within one round. Every measurement is appended to OUT/results.jsonl immediately: the same command
continues where it stopped, and OUT/tables.md and OUT/speed.svg are written from the results so far. Contenders that are not installed
are left out and listed.

Contenders: hiera:onednn, hiera:torch; peer:eager, compile, autotune, jit, timm, timm-compile, transformers, cast (measure_peer.py);
onnx:ort, ort-int8, openvino (measure_onnx.py).
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import peer_tables

HERE = Path(__file__).resolve().parent
IMAGES = "hiera_tiny_224,hiera_small_224,hiera_base_224,hiera_base_plus_224,hiera_large_224,hiera_huge_224"
VIDEOS = "hiera_base_16x224,hiera_base_plus_16x224,hiera_large_16x224,hiera_huge_16x224"
PEERS = "peer:eager,peer:compile,peer:timm,peer:transformers"

# The content of every table: models, batches, types, contenders, further settings. Seconds are a rough estimate of one contender's round.
TABLES = {
    "images": dict(models=IMAGES, batches="8,1", dtypes="float32,bfloat16,int8",
                   contenders=f"hiera:onednn,{PEERS},onnx:ort,onnx:ort-int8,onnx:openvino", seconds=45),
    "autotune": dict(models="hiera_base_224", batches="1", dtypes="float32,bfloat16",
                     contenders="hiera:onednn,peer:autotune,hiera:torch", seconds=120),
    "videos": dict(models=VIDEOS, batches="1", dtypes="float32,bfloat16,int8",
                   contenders="hiera:onednn,peer:eager,peer:compile,onnx:ort,onnx:ort-int8,onnx:openvino", seconds=90),
    "load": dict(models="hiera_base_224", batches="8,1", dtypes="float32,bfloat16,int8",
                 contenders="hiera:onednn,peer:compile,peer:eager,onnx:ort,onnx:openvino", load=1, seconds=60),
    "train": dict(models="hiera_base_224,mae_hiera_base_224", batches="16", dtypes="float32,bfloat16",
                  contenders="hiera:torch,peer:eager,peer:timm,peer:transformers", train=True, seconds=90),
    "train-load": dict(models="hiera_base_224", batches="16", dtypes="float32",
                       contenders="hiera:torch,peer:eager", train=True, load=1, seconds=150),
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
            raise RuntimeError(f"exporting {model}: {exported.stderr.strip()[-300:]}")
    return str(path)


def command(job, options):
    kind, _, engine = job["contender"].partition(":")
    common = ["--batch", str(job["batch"]), "--threads", str(options.threads)]
    if job["load"]:
        common += ["--load", str(job["load"]), "--seconds", "24"]
    if kind == "onnx":
        return [options.onnx_python, str(HERE / "measure_onnx.py"), "--model", job["model"], "--engine", engine,
                "--file", onnx_file(options, job["model"])] + common
    common += ["--dtype", job["dtype"]] + (["--train"] if job["train"] else [])
    if kind == "hiera":
        backend = [] if job["train"] else ["--backend", engine]
        return shlex.split(options.hiera) + ["benchmark", job["model"], "--json"] + backend + common
    return [options.python, str(HERE / "measure_peer.py"), "--model", job["model"], "--engine", engine] + common


def fits(contender, dtype):
    """Returns whether a contender computes in a type: ONNX files are float32, and only two contenders have int8."""
    integers = contender in ("hiera:onednn", "onnx:ort-int8")
    if dtype == "int8":
        return integers
    return contender != "onnx:ort-int8" and (dtype == "float32" or not contender.startswith("onnx:"))


def jobs(options):
    """Returns all measurements in order: row by row, and within a row round by round."""
    for name, table in options.tables.items():
        for model in table["models"].split(","):
            for batch in map(int, table["batches"].split(",")):
                for round_number in range(options.rounds):
                    for dtype in table["dtypes"].split(","):
                        for contender in table["contenders"].split(","):
                            if fits(contender, dtype):
                                yield dict(table=name, model=model, dtype=dtype, batch=batch, contender=contender,
                                           round=round_number, threads=options.threads, load=table.get("load", 0),
                                           train=table.get("train", False), seconds=table.get("seconds", 45))


def key(job):
    return tuple(job[name] for name in (
        "table", "model", "dtype", "batch", "contender", "round", "threads", "load", "train"))


def measure(job, options):
    """Returns the figures of one measurement, or the reason why there are none."""
    try:
        finished = subprocess.run(command(job, options), capture_output=True, text=True, timeout=options.timeout)
    except subprocess.TimeoutExpired:
        return {"unavailable": f"took longer than {options.timeout} s"}
    except (OSError, RuntimeError) as fault:
        return {"unavailable": str(fault)}
    lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode != 0 or not lines:
        reason = (finished.stderr.strip() or f"exit status {finished.returncode}").splitlines()[-1]
        return {"unavailable": reason[-200:]}
    return json.loads(lines[-1])


def read(results):
    """Returns the results of earlier calls; an incomplete last line is left out."""
    done = {}
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                done[key(entry)] = entry
            except (ValueError, KeyError):
                continue
    return done


def run(options):
    options.out.mkdir(parents=True, exist_ok=True)
    results = options.out / "results.jsonl"
    done = read(results)
    if options.retry:
        done = {known: entry for known, entry in done.items() if "unavailable" not in entry}
    deadline = time.monotonic() + options.budget * 60 if options.budget else None
    left = 0
    refused = {(entry["table"], entry["model"], entry["dtype"], entry["contender"]) for entry in done.values()
               if "unavailable" in entry}
    for job in jobs(options):
        row = (job["table"], job["model"], job["dtype"], job["contender"])
        ours = (*row[:3], job["contender"] if job["contender"].startswith("hiera:") else "hiera:onednn")
        # A type that Hiera4j does not support on this machine is emulated by the peers, which is slow.
        if key(job) in done or row in refused or ours in refused:
            continue
        if deadline and time.monotonic() > deadline:
            left += 1
            continue
        entry = {**measure(job, options), **job}
        done[key(job)] = entry
        if "unavailable" in entry:
            refused.add(row)
            print(f"{' '.join(map(str, row))}: {entry['unavailable']}", file=sys.stderr)
        else:
            time_of = entry.get("milliseconds") or entry.get("loadedMilliseconds")
            print(f"{' '.join(map(str, row))} n={job['batch']} round {job['round'] + 1}: {time_of:.1f} ms", file=sys.stderr)
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
    wanted = {key(job) for job in jobs(options)}
    entries = [entry for known, entry in done.items() if known in wanted]
    text = peer_tables.markdown(entries)
    (options.out / "tables.md").write_text(text, encoding="utf-8")
    (options.out / "speed.svg").write_text(peer_tables.picture(entries), encoding="utf-8")
    print(text)
    print(f"written: {options.out / 'tables.md'}, {options.out / 'speed.svg'}", file=sys.stderr)
    if left:
        print(f"{left} measurements are left: run the same command again", file=sys.stderr)


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
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=900, help="maximum seconds per measurement")
    parser.add_argument("--budget", type=float, metavar="MINUTES", help="start no measurement after this time")
    parser.add_argument("--retry", action="store_true", help="retry contenders that were not available")
    parser.add_argument("--out", type=Path, default=Path("peers-results"), help="the folder of results, tables and chart")
    parser.add_argument("--hiera", default=find_hiera(), help="the command line of Hiera4j (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the Python that has PyTorch, timm, transformers")
    parser.add_argument("--onnx-python", help="the Python that has onnxruntime, onnx, openvino (default: --python)")
    options = parser.parse_args()
    options.onnx_python = options.onnx_python or options.python
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
        for job in jobs(options):
            total += job["seconds"]
            if job["round"] == 0:
                print(job["table"], job["model"], job["dtype"], f"n={job['batch']}", job["contender"])
        print(f"{options.rounds} rounds: about {total / 3600:.1f} hours", file=sys.stderr)
        return
    run(options)


if __name__ == "__main__":
    main()
