"""Hiera in plain PyTorch, written from the paper's description: the obvious implementation as a peer.

It exists to be measured, and `check` verifies that it is correct: with formula weights (see the parity goldens), its scores must
equal those of the golden.
"""

import json
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

VARIANTS = {
    "hiera_tiny": (96, 1, (1, 2, 7, 2)),
    "hiera_small": (96, 1, (1, 2, 11, 2)),
    "hiera_base": (96, 1, (2, 3, 16, 3)),
    "hiera_base_plus": (112, 2, (2, 3, 16, 3)),
    "hiera_large": (144, 2, (2, 6, 36, 4)),
    "hiera_huge": (256, 4, (2, 6, 36, 4)),
}


class Attention(nn.Module):
    def __init__(self, dim, dim_out, heads, pool, window):
        super().__init__()
        self.heads, self.pool, self.window = heads, pool, window
        self.qkv = nn.Linear(dim, 3 * dim_out)
        self.proj = nn.Linear(dim_out, dim_out)

    def forward(self, x):
        batch, tokens, _ = x.shape
        windows = tokens // (self.pool * self.window) if self.window else 1
        qkv = self.qkv(x).reshape(batch, -1, windows, 3, self.heads, self.qkv.out_features // 3 // self.heads)
        q, k, v = qkv.permute(3, 0, 4, 2, 1, 5)  # [batch, heads, windows, tokens of a window, head]
        if self.pool > 1:
            q = q.unflatten(3, (self.pool, -1)).amax(3)
        if hasattr(F, "scaled_dot_product_attention"):
            x = F.scaled_dot_product_attention(q, k, v)
        else:
            x = torch.softmax((q / math.sqrt(q.shape[-1])) @ k.transpose(-1, -2), dim=-1) @ v
        return self.proj(x.permute(0, 3, 2, 1, 4).reshape(batch, -1, self.proj.in_features))


class Mlp(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, dim)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, dim_out, heads, pool, window):
        super().__init__()
        self.pool = pool
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, dim_out, heads, pool, window)
        self.norm2 = nn.LayerNorm(dim_out, eps=1e-6)
        self.mlp = Mlp(dim_out)
        self.proj = nn.Linear(dim, dim_out) if dim != dim_out else None

    def forward(self, x):
        normed = self.norm1(x)
        if self.proj is not None:
            x = self.proj(normed).unflatten(1, (self.pool, -1)).amax(1)
        x = x + self.attn(normed)
        return x + self.mlp(self.norm2(x))


class Head(nn.Module):
    def __init__(self, dim, classes):
        super().__init__()
        self.projection = nn.Linear(dim, classes)


class Hiera(nn.Module):
    """Computes class scores from pixels."""

    def __init__(self, dim, heads, stages, video, classes):
        super().__init__()
        axes = 3 if video else 2
        self.stride = (1, 2, 2) if video else (2, 2)
        self.unit_grid = (8, 7, 7) if video else (7, 7)
        conv = nn.Conv3d if video else nn.Conv2d
        kernel, stride, padding = ((3, 7, 7), (2, 4, 4), (1, 3, 3)) if video else (7, 4, 3)
        self.patch_embed = nn.ModuleDict({"proj": conv(3, dim, kernel, stride, padding)})
        if video:
            self.pos_embed_spatial = nn.Parameter(torch.zeros(1, 56 * 56, dim))
            self.pos_embed_temporal = nn.Parameter(torch.zeros(1, 8, dim))
        else:
            self.pos_embed = nn.Parameter(torch.zeros(1, 56 * 56, dim))
        blocks = []
        window = 64
        for stage, depth in enumerate(stages):
            for position in range(depth):
                opens = stage > 0 and position == 0
                pool = 4 if opens else 1
                window //= pool
                within_units = (stage - 1 if opens else stage) < 2
                out = dim * 2 if opens else dim
                heads = heads * 2 if opens else heads
                blocks.append(Block(dim, out, heads, pool, window if within_units else 0))
                dim = out
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.head = Head(dim, classes)
        self.axes = axes

    def positions(self):
        if self.axes == 2:
            return self.pos_embed
        return self.pos_embed_spatial.repeat(1, 8, 1) + self.pos_embed_temporal.repeat_interleave(56 * 56, 1)

    def unroll(self, x):
        batch, _, channels = x.shape
        grid = [8, 56, 56] if self.axes == 3 else [56, 56]
        x = x.reshape(batch, *grid, channels)
        for _ in range(3):
            split = []
            for size, stride in zip(grid, self.stride):
                split += [size // stride, stride]
            grid = [size // stride for size, stride in zip(grid, self.stride)]
            x = x.reshape(-1, *split, channels)
            inner = [2 + 2 * axis for axis in range(self.axes)]
            outer = [1 + 2 * axis for axis in range(self.axes)]
            x = x.permute(0, *inner, *outer, 1 + 2 * self.axes).reshape(-1, *grid, channels)
        return x.reshape(batch, -1, channels)

    def forward(self, pixels):
        x = self.patch_embed["proj"](pixels).flatten(2).transpose(1, 2)
        x = self.unroll(x + self.positions())
        for block in self.blocks:
            x = block(x)
        return self.head.projection(self.norm(x.mean(1)))


def build(name):
    """Returns the model of a published name, in evaluation mode."""
    video = name.endswith("_16x224")
    dim, heads, stages = VARIANTS[name.replace("_16x224", "").replace("_224", "")]
    return Hiera(dim, heads, stages, video, 400 if video else 1000).eval()


def pixels(name, batch):
    return torch.randn(batch, 3, 16, 224, 224) if name.endswith("_16x224") else torch.randn(batch, 3, 224, 224)


def formula(name, shape):
    """Evaluates the goldens' formula of a tensor's name, position and shape."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        count = int(np.prod(shape))
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    noise = 2 * ((z >> np.uint64(40)).astype(np.float64) * 2.0**-24) - 1
    if name.startswith("input"):
        values = 1.5 * noise
    elif "pos_embed" in name:
        values = 0.2 * noise
    elif len(shape) == 1:
        values = 1 + 0.2 * noise if name.endswith(".weight") else 0.1 * noise
    else:
        values = noise * math.sqrt(3 / np.prod(shape[1:]))
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def check(name, golden_file):
    """Returns the relative error of the scores compared with a golden file."""
    with open(golden_file) as file:
        golden = json.load(file)
    model = build(name)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            parameter.copy_(formula(parameter_name, tuple(parameter.shape)))
        scores = model(formula("input", tuple(golden["input_shape"]))).double()
    expected = torch.tensor(golden["logits"], dtype=torch.float64)
    return float((scores - expected).norm() / expected.norm())
