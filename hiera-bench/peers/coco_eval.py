#!/usr/bin/env python3
"""Evaluates one COCO result file with pycocotools and with Hiera4j, compares all figures to the bit, and times both.

    hiera-bench/peers/coco_eval.py --images 5000 --detections 100 --hiera ./hiera

The data are generated: boxes, or with --masks run lengths of ellipses, in 80 categories; a detection is a slightly moved ground
truth, or lies anywhere. Both evaluate on one core, one after the other. pycocotools is timed inside Python (evaluate, accumulate,
summarize). Hiera4j is timed as a whole process, including the start of the JVM and reading the files, and by the time that it
reports itself. pycocotools' time for reading the files is reported separately.
"""

import argparse
import contextlib
import io
import json
import os
import resource
import shlex
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

CATEGORIES = 80
SIZE = (480, 640)


def box(rng):
    side = np.exp(rng.uniform(np.log(8), np.log(300), 2))
    w, h = min(side[0], SIZE[1] - 1.0), min(side[1], SIZE[0] - 1.0)
    return [float(rng.uniform(0, SIZE[1] - w)), float(rng.uniform(0, SIZE[0] - h)), float(w), float(h)]


def moved(rng, of):
    x, y, w, h = of
    scale = np.exp(rng.normal(0, 0.12, 2))
    return [float(x + rng.normal(0, 0.06) * w), float(y + rng.normal(0, 0.06) * h), float(w * scale[0]), float(h * scale[1])]


def ellipse(of, mask_utils):
    x, y, w, h = of
    t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    polygon = np.stack([x + w / 2 + w / 2 * np.cos(t), y + h / 2 + h / 2 * np.sin(t)], 1).ravel().tolist()
    rle = mask_utils.frPyObjects([polygon], *SIZE)[0]
    return {"size": list(SIZE), "counts": rle["counts"].decode()}


def data(options, directory):
    from pycocotools import mask as mask_utils
    rng = np.random.default_rng(options.seed)
    truth = {
        "images": [{"id": i + 1, "file_name": f"{i}.jpg", "width": SIZE[1], "height": SIZE[0]} for i in range(options.images)],
        "categories": [{"id": c + 1, "name": f"c{c}"} for c in range(CATEGORIES)],
        "annotations": [],
    }
    results = []
    for image in range(1, options.images + 1):
        here = []
        for _ in range(int(rng.integers(1, 15))):
            b, category = box(rng), int(rng.integers(1, CATEGORIES + 1))
            crowd = int(rng.random() < 0.02)
            annotation = {"id": len(truth["annotations"]) + 1, "image_id": image, "category_id": category, "bbox": b,
                          "area": b[2] * b[3], "iscrowd": crowd, "segmentation": []}
            if options.masks:
                annotation["segmentation"] = ellipse(b, mask_utils)
            truth["annotations"].append(annotation)
            here.append((b, category))
        for _ in range(options.detections):
            if rng.random() < 0.4:
                b, category = here[int(rng.integers(len(here)))]
                b = moved(rng, b)
            else:
                b, category = box(rng), int(rng.integers(1, CATEGORIES + 1))
            result = {"image_id": image, "category_id": category, "score": round(float(rng.random()), 3)}
            if options.masks:
                result["segmentation"] = ellipse(b, mask_utils)
            else:
                result["bbox"] = b
            results.append(result)
    (directory / "truth.json").write_text(json.dumps(truth))
    (directory / "results.json").write_text(json.dumps(results))


def reference(options, directory):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    with contextlib.redirect_stdout(io.StringIO()):
        start, cpu = time.perf_counter(), time.process_time()
        truth = COCO(str(directory / "truth.json"))
        results = truth.loadRes(str(directory / "results.json"))
        read, read_cpu = time.perf_counter() - start, time.process_time() - cpu
        start, cpu = time.perf_counter(), time.process_time()
        evaluation = COCOeval(truth, results, "segm" if options.masks else "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    per_category = []
    for k in range(CATEGORIES):
        precision = evaluation.eval["precision"][:, :, k, 0, -1]
        precision = precision[precision > -1]
        per_category.append(float(np.mean(precision)) if precision.size else -1.0)
    return [float(value) for value in evaluation.stats], per_category, read, seconds, read_cpu, cpu


def own(options, directory):
    command = shlex.split(options.hiera) + [
        "detect-evaluate", str(directory / "truth.json"), str(directory / "results.json"), "--json", "--time"]
    if options.masks:
        command.append("--masks")
    start = time.perf_counter()
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    whole = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    figures = json.loads(finished.stdout.splitlines()[-1])
    names = ["AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR1", "AR10", "AR100", "ARsmall", "ARmedium", "ARlarge"]
    return [figures[name] for name in names], list(figures["categories"].values()), figures["readSeconds"], \
        figures["evaluateSeconds"], whole, cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--detections", type=int, default=100)
    parser.add_argument("--masks", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hiera", default="./hiera", help="the command")
    parser.add_argument("--data", help="a directory for the generated data, which is reused if it contains them")
    parser.add_argument("--only-draw", action="store_true", help="generate the data without measuring")
    parser.add_argument("--core", type=int, default=0, help="the core that both run on, if the system supports choosing one")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})
    with tempfile.TemporaryDirectory() as name:
        directory = Path(options.data or name)
        directory.mkdir(parents=True, exist_ok=True)
        if not (directory / "results.json").exists():
            data(options, directory)
        if options.only_draw:
            return
        stats, categories, read, seconds, read_cpu, cpu = reference(options, directory)
        own_stats, own_categories, own_read, own_seconds, whole, own_cpu = own(options, directory)
    same = stats == own_stats and categories == own_categories
    print(f"{options.images} images x {options.detections} detections, {'masks' if options.masks else 'boxes'}, one core")
    print(f"pycocotools: {read:.1f} s reading, {seconds:.1f} s evaluating; AP {stats[0]!r}")
    print(f"Hiera4j:     {own_read:.1f} s reading, {own_seconds:.1f} s evaluating, {whole:.1f} s for the whole process; AP {own_stats[0]!r}")
    print(f"evaluating: {seconds / own_seconds:.1f} x as fast; with reading: {(read + seconds) / (own_read + own_seconds):.1f} x;"
          f" whole process: {(read + seconds) / whole:.1f} x")
    print(f"processor time: pycocotools reading {read_cpu:.1f} s, evaluating {cpu:.1f} s;"
          f" Hiera4j's whole process, with JVM start and reading, {own_cpu:.1f} s")
    print("all figures equal to the bit" if same else "FIGURES DIFFER")
    raise SystemExit(0 if same else 1)


if __name__ == "__main__":
    main()
