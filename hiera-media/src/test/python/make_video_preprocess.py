"""Writes src/test/resources/goldens/video_preprocess.json with PyTorch: see its `about`. Usage: make_video_preprocess.py FILE"""
import json
import sys

import numpy as np
import torch

SIZES = [(320, 240), (160, 120), (101, 75), (120, 214), (256, 256), (1280, 720), (57, 400)]


def picture(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return ((x * 7 + y * 13 + c * 101 + x * y * (c + 1)) % 256).astype(np.uint8)


def views(image, crops):
    height, width = image.shape[:2]
    planes = (torch.from_numpy(image).permute(2, 0, 1).double() / 255 - 0.45) / 0.225
    side = 256 if crops == 1 else 224
    tall = width <= height
    resized = (height * side // width, side) if tall else (side, width * side // height)
    whole = torch.nn.functional.interpolate(planes[None], size=resized, mode="bilinear", align_corners=False)[0]
    for position in ([0.5] if crops == 1 else [0, 0.5, 1]):
        top, left = (round((side_length - 224) * position) for side_length in resized)
        yield whole[:, top:top + 224, left:left + 224]


cases = []
for width, height in SIZES:
    for crops in (1, 3):
        for crop, view in enumerate(views(picture(width, height), crops)):
            flat = view.reshape(-1).numpy()
            index = list(range(0, flat.size, 3001))
            cases.append({"width": width, "height": height, "crops": crops, "crop": crop, "mean": float(flat.mean()),
                          "index": index, "value": [round(float(flat[i]), 7) for i in index]})
json.dump({"about": "frame of width x height with sample (7x + 13y + 101c + xy(c+1)) mod 256 at column x, row y, channel c; "
                    "normalised (mean .45, std .225), resized bilinearly without antialiasing and cropped to 224 x 224 in "
                    "float64 by PyTorch; value[j] is element index[j] of [3, 224, 224]", "cases": cases},
          open(sys.argv[1], "w"))
