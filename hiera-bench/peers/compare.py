#!/usr/bin/env python3
"""Measures Hiera4j and its peers in turn, so that both see the same machine, and prints a Markdown table.

    hiera-bench/peers/compare.py --models hiera_base_224 --batches 1,8 --dtypes float32,bfloat16 --rounds 3

In every round each contender runs once, in a process of its own. A contender's figure is the median over rounds, its ratio to
the first contender the median of the ratios within one round. Contenders that are not installed are left out and named.
"""

import argparse
import json
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def command(contender, options, model, dtype, batch):
    kind, _, engine = contender.partition(":")
    common = ["--batch", str(batch), "--dtype", dtype, "--threads", str(options.threads)]
    if options.train:
        common.append("--train")
        if kind == "hiera":
            return shlex.split(options.hiera) + ["benchmark", model, "--json"] + common
    if kind == "hiera":
        return shlex.split(options.hiera) + ["benchmark", model, "--backend", engine, "--json"] + common
    return [options.python, str(HERE / "measure_peer.py"), "--model", model, "--engine", engine] + common


def measure(contender, options, model, dtype, batch):
    """One contender's figures, or None where it is not available."""
    finished = subprocess.run(
        command(contender, options, model, dtype, batch), capture_output=True, text=True, timeout=options.timeout)
    lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode != 0 or not lines:
        print(f"{contender} {model} {dtype} {batch}: {finished.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return json.loads(lines[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", default="hiera_base_224")
    parser.add_argument("--batches", default="1,8")
    parser.add_argument("--dtypes", default="float32,bfloat16")
    parser.add_argument("--contenders", default="hiera:onednn,hiera:torch,peer:eager,peer:jit,peer:compile,peer:timm")
    parser.add_argument("--train", action="store_true", help="training steps; contenders such as hiera:torch,peer:eager")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--hiera", default="hiera", help="the command line of Hiera4j")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the peers")
    options = parser.parse_args()

    print("| model | dtype | batch | contender | ms | samples/s | first contender is faster by |")
    print("|---|---|---|---|---|---|---|")
    missing = set()
    for model in options.models.split(","):
        for dtype in options.dtypes.split(","):
            for batch in map(int, options.batches.split(",")):
                compare(options, model, dtype, batch, missing)


def compare(options, model, dtype, batch, missing):
    contenders = options.contenders.split(",")
    rounds = {contender: [] for contender in contenders}
    for _ in range(options.rounds):
        for contender in contenders:
            if (contender, dtype) not in missing:
                result = measure(contender, options, model, dtype, batch)
                if result is None:
                    missing.add((contender, dtype))
                else:
                    rounds[contender].append(result)
    first = rounds[contenders[0]]
    for contender in contenders:
        results = rounds[contender]
        if not results:
            continue
        milliseconds = statistics.median(result["milliseconds"] for result in results)
        ratio = statistics.median(
            other["milliseconds"] / own["milliseconds"] for own, other in zip(first, results))
        rate = batch * 1e3 / milliseconds
        print(f"| {model} | {dtype} | {batch} | {results[0]['backend']} | {milliseconds:.1f} | {rate:.2f} | {ratio:.2f} |",
              flush=True)


if __name__ == "__main__":
    main()
