#!/usr/bin/env python3
"""Runs one Mask R-CNN in torchvision and in Hiera4j, with the same weights, and compares detections or times.

    hiera-bench/peers/compare_detect.py --side 512 --hiera ./hiera            # detections of six pictures, one by one
    hiera-bench/peers/compare_detect.py --side 1024 --trunk base --rounds 3   # milliseconds per picture, alternately

On a machine that is not idle, compare processor time, with --threads 1: threads that wait for each other also use processor time.

The peer has torchvision's pyramid, proposals and heads (torchvision.models.detection.MaskRCNN, its defaults) on transformers'
HieraDet. Weights are random, some of them scaled so that there are detections. Hiera4j reads them under torchvision's names,
with every setting of its torchvision preset written out in config.json.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from torchvision.models.detection import MaskRCNN
from torchvision.ops import FeaturePyramidNetwork
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool
from transformers import Sam2HieraDetConfig
from transformers.models.sam2.modeling_sam2 import Sam2HieraDetModel

HERE = Path(__file__).resolve().parent
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
TRUNKS = {
    "nano": dict(width=16, heads=1, blocks=[1, 2, 4, 1], windows=[8, 4, 14, 7], everywhere=[5], grid=7),
    "base": dict(width=96, heads=1, blocks=[2, 3, 16, 3], windows=[8, 4, 14, 7], everywhere=[12, 16, 20], grid=7),
}


class Backbone(nn.Module):
    out_channels = 256

    def __init__(self, trunk):
        super().__init__()
        widths = [trunk["width"] << stage for stage in range(4)]
        self.body = Sam2HieraDetModel(Sam2HieraDetConfig(
            hidden_size=trunk["width"], num_attention_heads=trunk["heads"], blocks_per_stage=trunk["blocks"],
            embed_dim_per_stage=widths, num_attention_heads_per_stage=[trunk["heads"] << stage for stage in range(4)],
            window_size_per_stage=trunk["windows"], global_attention_blocks=trunk["everywhere"],
            window_positional_embedding_background_size=[trunk["grid"]] * 2))
        self.fpn = FeaturePyramidNetwork(widths, 256, extra_blocks=LastLevelMaxPool())

    def forward(self, pixels):
        maps = self.body(pixels).intermediate_hidden_states
        return self.fpn({str(i): level.permute(0, 3, 1, 2).contiguous() for i, level in enumerate(maps)})


def build(options):
    torch.manual_seed(options.seed)
    model = MaskRCNN(Backbone(TRUNKS[options.trunk]), options.classes + 1, min_size=options.side, max_size=options.side,
                     image_mean=MEAN, image_std=STD).eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "backbone.body" in name and ("pos_embed" in name or "bias" in name):
                nn.init.normal_(tensor, std=0.2)
        model.rpn.head.cls_logits.weight.normal_(std=0.3)
        model.rpn.head.bbox_pred.weight.normal_(std=0.05)
        model.roi_heads.box_predictor.cls_score.weight.normal_(std=options.spread)
        model.roi_heads.box_predictor.bbox_pred.weight.normal_(std=0.2)
    return model


def weights(model):
    renamed = {}
    for name, tensor in model.state_dict().items():
        for old, new in (("patch_embed.projection.", "patch_embed.proj."), ("layer_norm", "norm"),
                         ("mlp.proj_in.", "mlp.fc1."), ("mlp.proj_out.", "mlp.fc2.")):
            if name.startswith("backbone.body."):
                name = name.replace(old, new)
        renamed[name] = tensor.contiguous().clone()
    return renamed


def description(options):
    trunk = TRUNKS[options.trunk]
    heads_matcher = {"negativeBelow": .5, "positiveFrom": .5, "allowLowQuality": False, "guardedIou": False}
    config = {
        "trunk": {"plain": None, "windowed": {
            "inputSize": [options.side] * 2, "inChans": 3, "embedDim": trunk["width"], "numHeads": trunk["heads"],
            "stages": trunk["blocks"], "qPool": 3, "windows": trunk["windows"], "globalBlocks": trunk["everywhere"],
            "positionGrid": [trunk["grid"]] * 2, "windowEmbedding": 8, "dimMul": 2.0, "headMul": 2.0, "patchKernel": 7,
            "patchStride": 4, "patchPadding": 3, "mlpRatio": 4.0, "dropPathRate": 0.0, "layerNormEps": 1e-6}},
        "stageNorms": False, "channels": 256, "channelNorms": False, "normEps": 1e-6, "classes": options.classes,
        "input": {"shortest": options.side, "longest": options.side, "square": False, "filtered": False},
        "proposals": {
            "anchors": {"strides": [4, 8, 16, 32, 64], "sizes": [32.0, 64.0, 128.0, 256.0, 512.0],
                        "ratios": [.5, 1.0, 2.0], "rounded": True, "stridesFromInput": True},
            "convolutions": 1, "channelNorms": False,
            "matcher": {"negativeBelow": .3, "positiveFrom": .7, "allowLowQuality": True, "guardedIou": False},
            "sampler": {"size": 256, "positiveFraction": .5}, "candidatesTraining": 2000, "candidatesTest": 1000,
            "proposalsTraining": 2000, "proposalsTest": 1000, "suppression": .7, "smallestSide": 1e-3, "lossBeta": 1 / 9,
            "perSample": True, "rankedByProbability": True, "smallestScore": 0.0},
        "heads": {
            "levels": {"lowest": 2, "highest": 5, "canonicalLevel": 4, "canonicalSize": 224.0, "epsilonOnLevel": True},
            "matcher": heads_matcher, "sampler": {"size": 512, "positiveFraction": .25},
            "deltas": {"weightX": 10.0, "weightY": 10.0, "weightWidth": 5.0, "weightHeight": 5.0},
            "alignedPooling": False, "samplingRatio": 2, "boxBins": 7, "boxConvolutions": 0, "boxLayers": [1024, 1024],
            "maskBins": 14, "maskConvolutions": 4, "lossBeta": 1 / 9, "softTargets": True},
        "output": {"smallestScore": .05, "suppression": .5, "most": 100, "smallestSide": 1e-2, "clipped": False,
                   "exactPaste": False}}
    return {"model_type": "hiera-mask-rcnn", "description": {
        "config": config, "classNames": [f"class {i}" for i in range(options.classes)],
        "categoryIds": list(range(1, options.classes + 1)), "normalisation": {"mean": MEAN, "std": STD}}}


def pictures(options, directory):
    """Returns pictures of the given size, smaller, to enlarge and to shrink; then two far from square, padded to multiples of 32."""
    rng = np.random.default_rng(options.seed)
    side, files = options.side, []
    sizes = [(side, side), (side - 12, side), (side // 2 - 5, side // 2), (side * 2, side * 2 - 30),
             (side // 2 + 13, side), (side * 2, side // 2 + 7)]
    for number, (height, width) in enumerate(sizes):
        coarse = Image.fromarray(rng.integers(0, 256, (max(2, height // 24), max(2, width // 24), 3), dtype=np.uint8))
        files.append(directory / f"{number}.png")
        coarse.resize((width, height), Image.BICUBIC).save(files[-1])
    return files


def read(file):
    return torch.from_numpy(np.asarray(Image.open(file).convert("RGB")).copy()).permute(2, 0, 1).float() / 255


def compare(options, model, directory, files):
    from pycocotools import mask as mask_utils
    command = shlex.split(options.hiera) + ["detect", *map(str, files), "--weights", str(directory), "--json",
                                            "--threshold", "0.05", "--backend", options.backend]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode:
        raise SystemExit(finished.stderr)
    ok = True
    for file, line in zip(files, finished.stdout.splitlines()):
        own = json.loads(line)["detections"]
        with torch.no_grad():
            peer = model([read(file)])[0]
        masks = (peer["masks"][:, 0] >= 0.5).numpy().astype(np.uint8)
        worst = {"score": 0.0, "box": 0.0, "mask": 0}
        left, missing = list(range(len(own))), []
        for i in range(len(peer["boxes"])):
            box, label = peer["boxes"][i].numpy(), int(peer["labels"][i])
            near = [j for j in left if own[j]["category_id"] == label and np.abs(np.array(own[j]["box"]) - box).max() < 0.05]
            if not near:
                missing.append(float(peer["scores"][i]))
                continue
            j = near[0]
            left.remove(j)
            worst["score"] = max(worst["score"], abs(own[j]["score"] - float(peer["scores"][i])))
            worst["box"] = max(worst["box"], float(np.abs(np.array(own[j]["box"]) - box).max()))
            decoded = mask_utils.decode(own[j]["segmentation"])
            worst["mask"] = max(worst["mask"], int((decoded != masks[i]).sum()))
        missing += [own[j]["score"] for j in left]
        # the choice of the last of the 100 detections depends on rounding
        tipped = [score for score in missing if abs(score - float(peer["scores"][-1])) < 1e-5]
        ok &= len(tipped) == len(missing) and len(own) > 0
        size = "x".join(map(str, Image.open(file).size))
        print(f"{size}: {len(peer['boxes'])} detections of torchvision, {len(own)} of Hiera4j, {len(missing)} without a partner, "
              f"{len(tipped)} of them at the cut; "
              f"largest difference: score {worst['score']:.1e}, box {worst['box']:.1e} pixels, {worst['mask']} pixels of a mask")
    print("all detections are equal" if ok else "DETECTIONS DIFFER")
    return ok


def measure(options, model, directory, files):
    torch.set_num_threads(options.threads)
    class_path = options.class_path or (HERE.parent.parent / "hiera-cli/target/dependencies.txt").read_text().strip()
    environment = dict(os.environ, GOMP_SPINCOUNT="1000", MALLOC_ARENA_MAX="1")
    own = subprocess.Popen(["java", "-Xmx3g", "-XX:+UseSerialGC", "-cp", class_path, str(HERE / "DetectContender.java"),
                            str(directory), options.backend, str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                           env=environment)
    while own.stdout.readline().strip() != "ready":
        if own.poll() is not None:
            raise SystemExit("Hiera4j ended before it was ready")
    pixels = [read(files[0])]
    times, used = ([], []), ([], [])
    for round_ in range(options.rounds + 1):
        own.stdin.write(f"{files[0]}\n")
        own.stdin.flush()
        milliseconds, processor, found = own.stdout.readline().split()
        start, start_processor = time.perf_counter(), time.process_time()
        with torch.no_grad():
            peer = model(pixels)[0]
        elapsed, spent = (time.perf_counter() - start) * 1e3, (time.process_time() - start_processor) * 1e3
        if round_:
            for pair, ours, theirs in ((times, milliseconds, elapsed), (used, processor, spent)):
                pair[0].append(float(ours))
                pair[1].append(theirs)
    own.stdin.close()
    own.wait()
    print(f"{options.trunk} trunk, {options.side} x {options.side}, float32, {options.threads} threads; "
          f"{found} and {len(peer['boxes'])} detections; medians of {options.rounds} rounds")
    for name, pair in (("elapsed", times), ("processor time", used)):
        ratio = statistics.median(theirs / ours for ours, theirs in zip(*pair))
        print(f"{name}: Hiera4j {options.backend} {statistics.median(pair[0]):.0f} ms, "
              f"torchvision {statistics.median(pair[1]):.0f} ms a picture; Hiera4j is {ratio:.2f} x as fast")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=512, help="pixels; a multiple of 32, and p6 is odd if it is not one of 64")
    parser.add_argument("--trunk", choices=list(TRUNKS), default="nano")
    parser.add_argument("--classes", type=int, default=80)
    parser.add_argument("--backend", default="onednn")
    parser.add_argument("--rounds", type=int, default=0, help="number of measurements; 0 compares detections")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--hiera", default="./hiera", help="the command")
    parser.add_argument("--class-path", default="", help="class path of Hiera4j for measurements (default: that of the built command)")
    parser.add_argument("--spread", type=float, default=1.0, help="standard deviation of the class scores' weights")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        model = build(options)
        save_file(weights(model), str(directory / "model.safetensors"))
        (directory / "config.json").write_text(json.dumps(description(options)))
        files = pictures(options, directory)
        if options.rounds:
            measure(options, model, directory, files)
        elif not compare(options, model, directory, files):
            sys.exit(1)


if __name__ == "__main__":
    main()
