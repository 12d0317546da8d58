#!/usr/bin/env python3
"""Measures the first answer of a fresh process, from its start to its end: `hiera classify` of one picture beside timm.

    hiera convert formula:hiera_base_224 base
    hiera-bench/peers/first_answer.py --weights base --picture photo.jpg --rounds 5

Both read the same file, decode the same picture and print the likeliest class. They run in turn; files are warm after the first
round, which does not count. Needs torch, timm, safetensors and Pillow for the peer; without --peer only hiera is measured.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def classify_with_timm(model_name, weights, picture, threads):
    """What a user of timm writes, without torchvision: its import alone takes longer than decoding."""
    import numpy
    import timm
    import torch
    from PIL import Image
    from safetensors.torch import load_file

    if threads:
        torch.set_num_threads(threads)
    model = timm.create_model(model_name).eval()
    state = load_file(weights)
    renamed = {name.replace("head.projection.", "head.fc."): value for name, value in state.items()}
    renamed |= {f"head.{name}": value for name, value in state.items() if name.startswith("norm.")}
    own = model.state_dict()
    missing = [name for name in own if name not in renamed]
    if missing:  # the norm and the head have other names from version to version
        raise SystemExit(f"timm expects {missing[:4]}, the file has {sorted(set(renamed) - set(own))[:4]}")
    model.load_state_dict({name: renamed[name].reshape(own[name].shape) for name in own})
    image = Image.open(picture).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    left, top = (image.width - 224) // 2, (image.height - 224) // 2
    pixels = numpy.asarray(image.crop((left, top, left + 224, top + 224)), dtype=numpy.float32) / 255
    pixels = (pixels - numpy.float32(MEAN)) / numpy.float32(DEVIATION)
    with torch.inference_mode():
        scores = model(torch.from_numpy(pixels.transpose(2, 0, 1).copy())[None]).softmax(-1)[0]
    print(int(scores.argmax()), float(scores.max()))


def measured(command):
    """Seconds from start to end, and seconds of processor time."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    answer = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return elapsed, used.ru_utime + used.ru_stime, answer.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hiera", default="hiera", help="the command")
    parser.add_argument("--weights", type=Path, required=True, help="a directory that hiera convert wrote")
    parser.add_argument("--picture", type=Path, required=True)
    parser.add_argument("--model", default="hiera_base_224")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", default="", help="a Python with timm")
    parser.add_argument("--as-peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    file = options.weights / "model.safetensors"
    if options.as_peer:
        classify_with_timm(options.model, file, options.picture, options.threads)
        return
    commands = {
        "hiera": shlex.split(options.hiera)
        + ["classify", str(options.picture), "--weights", str(options.weights), "--json", "--top", "1"]
    }
    if options.peer:
        commands["timm"] = [options.peer, __file__, "--as-peer", "--weights", str(options.weights)]
        commands["timm"] += ["--picture", str(options.picture), "--model", options.model, "--threads", str(options.threads)]
    times = {name: [] for name in commands}
    for number in range(options.rounds + 1):
        for name, command in commands.items():
            elapsed, processor, answer = measured(command)
            if number == 0:
                print(f"{name}: {answer[:150]}", file=sys.stderr)
            else:
                times[name].append((elapsed, processor))
    for name, runs in times.items():
        elapsed, processor = zip(*runs)
        print(
            f"{name:6} elapsed {min(elapsed):.2f} s, median {statistics.median(elapsed):.2f}, most {max(elapsed):.2f};"
            f" processor time {min(processor):.2f}, median {statistics.median(processor):.2f}"
        )


if __name__ == "__main__":
    main()
