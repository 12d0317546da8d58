#!/usr/bin/env python3
"""Measures whole commands: `classify` of many files compared with only the model, with a timeline, and the first answer of a new process.

    hiera-bench/peers/end_to_end.py --images 1000 --videos 50 --dtype float32,int8

Files are copies of one photograph and one video under different names. Throughput is measured from the first result to the last, without
the start of the process; the speed of only the model is that of `hiera benchmark` with the same batch, the mean of a
run before and a run after the command. The timeline shows results in
equal intervals: in a gap, the model waited for files. The start-up time is the shortest of several runs with warm files.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MEDIA = ROOT / "hiera-media" / "src" / "test" / "resources"
STRETCHES = 40
BARS = " ▁▂▃▄▅▆▇█"


def hiera(options, *arguments):
    return shlex.split(options.hiera) + [str(argument) for argument in arguments]


def weights(options, model, folder):
    """Returns a checkpoint of a model with generated weights, created once."""
    target = (options.keep or folder) / model
    if not target.exists():
        subprocess.run(hiera(options, "convert", f"formula:{model}", target), check=True, stdout=subprocess.DEVNULL)
    return target


def copies(sample, count, folder):
    files = folder / sample.stem
    files.mkdir()
    for number in range(count):
        shutil.copyfile(sample, files / f"{number:05d}{sample.suffix}")
    return files


def results(command):
    """Returns the seconds from the start of a command to each of its lines."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        times = [time.perf_counter() - start for line in process.stdout if line.startswith("{")]
    if process.returncode != 0 or not times:
        raise SystemExit(f"failed: {' '.join(command)}")
    return times


def timeline(times):
    """Returns one character for each interval of time between the first result and the last."""
    span = (times[-1] - times[0]) or 1
    counts = [0] * STRETCHES
    for moment in times:
        counts[min(STRETCHES - 1, int((moment - times[0]) / span * STRETCHES))] += 1
    most = max(counts)
    return "".join(BARS[round(count / most * (len(BARS) - 1))] for count in counts)


def alone(options, model, dtype, batch):
    """Returns the samples per second of the model without files."""
    done = subprocess.run(hiera(options, "benchmark", model, "--json", "--dtype", dtype, "--batch", batch),
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["samplesPerSecond"]


def throughput(options, model, dtype, sample, count, clips, batch, folder):
    """Measures one command. `clips` is the number of clips of each video; None for images."""
    samples_of_a_file = clips or 1
    before = alone(options, model, dtype, batch)
    files = copies(sample, count, folder)
    try:
        arguments = ["classify", files, "--weights", weights(options, model, folder), "--dtype", dtype, "--json",
                     "--batch", batch]
        if clips:
            arguments += ["--clips", clips, "--crops", 1]
        times = results(hiera(options, *arguments))
    finally:
        shutil.rmtree(files)
    first = sum(1 for moment in times if moment - times[0] < 0.02)  # the results of the first batch are simultaneous
    rate = (len(times) - first) * samples_of_a_file / (times[-1] - times[0])
    model_rate = (before + alone(options, model, dtype, batch)) / 2  # the speed of a shared machine drifts
    gap = max(later - earlier for earlier, later in zip(times, times[1:]))
    print(f"| {model} | {dtype} | {count} | {rate:.2f} | {model_rate:.2f} | {100 * rate / model_rate:.0f} % | {gap * 1e3:.0f} | "
          f"`{timeline(times)}` |", flush=True)
    return f"{count} files, {model} in {dtype}: {100 * rate / model_rate:.0f} % of the model alone", times, samples_of_a_file, model_rate


def picture(curves, file):
    """Draws results over time as steps, and the pace of only the model as a line; one panel for each measurement."""
    width, height, left, gap = 720, 150, 56, 46
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{len(curves) * (height + gap) + 10}" '
             f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>']
    for row, (title, times, samples_of_a_file, model_rate) in enumerate(curves):
        top = 30 + row * (height + gap)
        span, most = times[-1], len(times)
        x = lambda seconds: left + seconds / span * (width - left - 16)
        y = lambda results: top + height - results / most * height
        steps = [f"M{x(0):.1f},{y(0):.1f}"]
        for done, moment in enumerate(times):
            steps.append(f"L{x(moment):.1f},{y(done):.1f}L{x(moment):.1f},{y(done + 1):.1f}")
        start = times[0]
        pace = model_rate / samples_of_a_file
        end = min(span, start + most / pace)
        parts.append(
            f'<text x="{left}" y="{top - 8}">{title}</text>'
            f'<path d="M{left},{top}V{top + height}H{width - 16}" fill="none" stroke="#888"/>'
            f'<path d="M{x(start):.1f},{y(1):.1f}L{x(end):.1f},{y(min(most, 1 + (end - start) * pace)):.1f}" stroke="#d95f02" stroke-dasharray="5 4"/>'
            f'<path d="{"".join(steps)}" fill="none" stroke="#1b6ca8" stroke-width="1.5"/>'
            f'<text x="{left - 6}" y="{top + 10}" text-anchor="end">{most}</text>'
            f'<text x="{left - 6}" y="{top + height}" text-anchor="end">0</text>'
            f'<text x="{width - 16}" y="{top + height + 14}" text-anchor="end">{span:.0f} s</text>')
    file.write_text("".join(parts) + "</svg>\n", encoding="utf-8")


def first_answer(options, model, dtype, sample, folder):
    checkpoint = weights(options, model, folder)
    shortest = min(
        results(hiera(options, "classify", sample, "--weights", checkpoint, "--dtype", dtype, "--json"))[0]
        for _ in range(options.starts))
    print(f"| {model} | {dtype} | {shortest:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1000, help="0: none")
    parser.add_argument("--videos", type=int, default=50, help="0: none")
    parser.add_argument("--image-model", default="hiera_base_224")
    parser.add_argument("--video-model", default="hiera_base_16x224")
    parser.add_argument("--image", type=Path, default=MEDIA / "images" / "baseline_420.jpg", help="the photograph")
    parser.add_argument("--video", type=Path, default=MEDIA / "videos" / "long_gop_300f.mp4", help="the video")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--starts", type=int, default=5, help="number of new processes; 0: none")
    parser.add_argument("--clips", type=int, default=2, help="clips per video")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="chart of the results over time")
    parser.add_argument("--keep", type=Path, help="folder in which checkpoints with generated weights are kept for the next run")
    parser.add_argument("--hiera", default=str(ROOT / "hiera"))
    options = parser.parse_args()
    for file in (options.image, options.video):
        if not file.exists():
            parser.error(f"no file {file}")
    with tempfile.TemporaryDirectory(prefix="hiera-end-to-end-") as name:
        folder = Path(name)
        if options.images or options.videos:
            print("| model | dtype | files | samples/s of classify | of the model alone | share | longest gap, ms | results over time |")
            print("|---|---|---|---|---|---|---|---|")
        curves = []
        for dtype in options.dtype.split(","):
            if options.images > 1:
                curves.append(throughput(options, options.image_model, dtype, options.image, options.images, None, 8, folder))
            if options.videos > 1:
                curves.append(throughput(
                    options, options.video_model, dtype, options.video, options.videos, options.clips, 1, folder))
        if options.svg:
            picture(curves, options.svg)
        if options.starts:
            print("\n| model | dtype | seconds to the first answer of a fresh process |\n|---|---|---|")
            for dtype in options.dtype.split(","):
                first_answer(options, options.image_model, dtype, options.image, folder)


if __name__ == "__main__":
    if os.name == "posix":
        sys.stdout.reconfigure(encoding="utf-8")
    main()
