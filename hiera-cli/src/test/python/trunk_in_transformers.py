"""Feature maps of a converted trunk, computed by transformers in float64.

    hiera convert CHECKPOINT DIRECTORY --as hieradet --size 128 --keys transformers
    python trunk_in_transformers.py DIRECTORY OUT.json

The input is the project's formula for a tensor named 'input'. Needs torch, numpy and transformers.
"""
import json
import sys

import numpy
import torch
from transformers import Sam2HieraDetModel


def formula(name, shape):
    with numpy.errstate(over="ignore"):
        seed = numpy.uint64(0xCBF29CE484222325)
        for byte in name.encode():
            seed = (seed ^ numpy.uint64(byte)) * numpy.uint64(0x100000001B3)
        count = numpy.arange(1, int(numpy.prod(shape)) + 1, dtype=numpy.uint64)
        mixed = seed + count * numpy.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> numpy.uint64(31)
    values = 2 * ((mixed >> numpy.uint64(40)).astype(numpy.float64) * 2.0**-24) - 1
    return (1.5 * values).astype(numpy.float32).reshape(shape)


def summary(values):
    flat = values.reshape(-1)
    index = numpy.linspace(0, flat.size - 1, 64).astype(int)
    return {
        "shape": list(values.shape),
        "l2": float(numpy.linalg.norm(flat)),
        "index": index.tolist(),
        "value": flat[index].tolist(),
    }


model = Sam2HieraDetModel.from_pretrained(sys.argv[1]).double().eval()
height, width = model.config.image_size
pixels = torch.from_numpy(formula("input", (1, 3, height, width)).astype(numpy.float64))
with torch.no_grad():
    maps = model(pixels).intermediate_hidden_states
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump({"size": [height, width], "maps": [summary(m.numpy()) for m in maps]}, out, indent=1)
