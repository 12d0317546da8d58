#!/usr/bin/env python3
"""Counts the pixels in which transformers' masks differ from a `sam2` golden case, in float32 and in float64.

    sam2_areas.py sam2.1_hiera_tiny_prompts.json [float64] [float32]

Areas count logits above 0. Some logits are within float32 rounding of 0, so the differences depend on the processor. Prompts for
which transformers follows other rules than the original (no prompt, only masks) are left out. Needs torch, numpy, transformers."""

import json
import re
import sys

import numpy
import torch

from sam2_peer import build

NAMES = [
    (r"^vision_encoder\.backbone\.", "image_encoder.trunk."), (r"^vision_encoder\.neck\.convs\.(\d)\.", r"image_encoder.neck.convs.\1.conv."),
    (r"^no_memory_embedding", "no_mem_embed"), (r"^mask_decoder\.", "sam_mask_decoder."),
    (r"^(shared_image_embedding|prompt_encoder\.shared_embedding)\.positional_embedding",
     "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"),
    (r"^prompt_encoder\.", "sam_prompt_encoder."),
    (r"mask_embed\.conv1", "mask_downscaling.0"), (r"mask_embed\.layer_norm1", "mask_downscaling.1"),
    (r"mask_embed\.conv2", "mask_downscaling.3"), (r"mask_embed\.layer_norm2", "mask_downscaling.4"),
    (r"mask_embed\.conv3", "mask_downscaling.6"), (r"patch_embed\.projection", "patch_embed.proj"),
    (r"upscale_conv1", "output_upscaling.0"), (r"upscale_layer_norm", "output_upscaling.1"), (r"upscale_conv2", "output_upscaling.3"),
    (r"layer_norm_final_attn", "norm_final_attn"), (r"layer_norm", "norm"), (r"\.o_proj\.", ".out_proj."),
    (r"(blocks\.\d+|transformer\.layers\.\d+)\.mlp\.proj_in", r"\1.mlp.layers.0"),
    (r"(blocks\.\d+|transformer\.layers\.\d+)\.mlp\.proj_out", r"\1.mlp.layers.1"),
    (r"(mlps\.\d|head)\.layers\.0\.", r"\1.layers.1."), (r"\.proj_in\.", ".layers.0."), (r"(mlps\.\d|head)\.proj_out\.", r"\1.layers.2."),
]


def original(name):
    for pattern, other in NAMES:
        name = re.sub(pattern, other, name)
    return name


def uniform(name, count):
    with numpy.errstate(over="ignore"):
        seed = numpy.uint64(0xCBF29CE484222325)
        for byte in name.encode():
            seed = (seed ^ numpy.uint64(byte)) * numpy.uint64(0x100000001B3)
        mixed = seed + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> numpy.uint64(31)
    return 2 * ((mixed >> numpy.uint64(40)).astype(numpy.float64) * 2.0**-24) - 1


def formula(name, shape):
    values = uniform(name, int(numpy.prod(shape)))
    if name.startswith("input"):
        values = 1.5 * values
    elif "pos_embed" in name:
        values = 0.2 * values
    elif len(shape) == 1:
        values = 1 + 0.2 * values if name.endswith(".weight") else 0.1 * values
    else:
        values = values * numpy.sqrt(3 / numpy.prod(shape[1:]))
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def fill(model):
    state = {}
    for name, value in model.state_dict().items():
        shape = list(value.shape)
        if name.endswith("point_embed.weight") and shape[0] == 4:
            rows = [formula(f"sam_prompt_encoder.point_embeddings.{row}.weight", [1, shape[1]]) for row in range(4)]
            state[name] = torch.cat(rows)
        else:
            state[name] = formula(original(name), shape)
    model.load_state_dict(state)


def areas(model, dtype, case, prompt, pixels, size):
    height, width = size
    scale = torch.tensor([1024 / width, 1024 / height], dtype=dtype)
    arguments = {}
    objects = prompt["objects"]
    if "points" in objects[0]:
        points = torch.tensor([[o["points"] for o in objects]], dtype=dtype)
        arguments.update(input_points=points * scale, input_labels=torch.tensor([[o["labels"] for o in objects]]))
    if "box" in objects[0]:
        arguments["input_boxes"] = torch.tensor([[o["box"] for o in objects]], dtype=dtype) * torch.cat([scale, scale])
    masks = model(image_embeddings=pixels, multimask_output=prompt["multimask"], **arguments).pred_masks[0]
    large = torch.nn.functional.interpolate(masks, size=(height, width), mode="bilinear", align_corners=False)
    return (large > 0).sum(dim=(2, 3)).tolist()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        case = json.load(file)
    torch.set_grad_enabled(False)
    print("PyTorch", torch.__version__, torch.backends.cpu.get_cpu_capability())
    for dtype in [getattr(torch, name) for name in sys.argv[2:] or ["float64", "float32"]]:
        model = build("sam2.1_hiera_tiny")
        fill(model)
        model = model.to(dtype)
        features = model.get_image_embeddings(formula("input", case["input_shape"]).to(dtype))
        differing, largest, count = 0, 0, 0
        for prompt in case["prompts"]:
            if not prompt["multimask"] or "mask_input" in prompt or not any(prompt["objects"]):
                continue
            found = areas(model, dtype, case, prompt, features, case["original_size"])
            differences = [a - b for x, y in zip(found, prompt["area"]) for a, b in zip(x, y)]
            print(f"{str(dtype):14} {prompt['name']:12} pixels more or fewer: {differences}")
            count += len(differences)
            differing += sum(d != 0 for d in differences)
            largest = max(largest, *map(abs, differences))
        print(f"{str(dtype):14} {differing} of {count} areas differ, by at most {largest} pixels")


if __name__ == "__main__":
    main()
