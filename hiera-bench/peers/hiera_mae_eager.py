"""The masked autoencoder with hiera_eager's image models in plain PyTorch: the peer for pretraining steps."""

import json

import numpy as np
import torch
from torch import nn

import hiera_eager
from hiera_eager import Block, formula

DECODER_WIDTH, DECODER_DEPTH, DECODER_HEADS = 512, 8, 16
UNITS, GRID, PATCH, CHANNELS = 49, 14, 16, 3  # mask units, decoder tokens per side, pixels per side of a token, colours
FINAL_SIDE = 2  # decoder tokens per side of a mask unit


class HieraMae(nn.Module):
    """Computes the loss from pixels and visible units."""

    def __init__(self, dim, heads, stages):
        super().__init__()
        encoder = hiera_eager.Hiera(dim, heads, stages, video=False, classes=1)
        self.patch_embed, self.pos_embed, self.blocks = encoder.patch_embed, encoder.pos_embed, encoder.blocks
        self.unroll_with = [encoder]  # a list, so that its head and norm are not parameters of this module
        opener = sum(stages[:3])
        self.blocks[opener].pool = self.blocks[opener].attn.pool = 1  # the last stage widens but does not pool
        self.ends = [sum(stages[: stage + 1]) - 1 for stage in range(4)]
        width = dim * 8
        self.multi_scale_fusion_heads = nn.ModuleList(
            [nn.Conv2d(dim, width, 4, 4), nn.Conv2d(dim * 2, width, 2, 2)])
        self.encoder_norm = nn.LayerNorm(width, eps=1e-6)
        self.decoder_embed = nn.Linear(width, DECODER_WIDTH)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, DECODER_WIDTH))
        self.decoder_pos_embed = nn.Parameter(torch.zeros(1, GRID * GRID, DECODER_WIDTH))
        self.decoder_blocks = nn.ModuleList(
            [Block(DECODER_WIDTH, DECODER_WIDTH, DECODER_HEADS, 1, 0) for _ in range(DECODER_DEPTH)])
        self.decoder_norm = nn.LayerNorm(DECODER_WIDTH, eps=1e-6)
        self.decoder_pred = nn.Linear(DECODER_WIDTH, PATCH * PATCH * CHANNELS)

    @staticmethod
    def reroll(x, units, side):
        """Converts [batch, tokens in pooling order, channels] to [batch · units, channels, side, side]."""
        batch, _, channels = x.shape
        x = x.reshape(batch, -1, units, channels).transpose(1, 2)  # [batch, units, tokens of a unit, channels]
        levels = side.bit_length() - 1
        x = x.reshape(batch * units, *[2, 2] * levels, channels)
        rows = [1 + 2 * (levels - 1 - level) for level in range(levels)]
        columns = [2 + 2 * (levels - 1 - level) for level in range(levels)]
        return x.permute(0, 1 + 2 * levels, *rows, *columns).reshape(batch * units, channels, side, side)

    def encode(self, pixels, visible):
        """Returns [batch, visible units, tokens of a unit, width]."""
        batch, kept = visible.shape
        hidden = torch.ones(batch, UNITS, dtype=pixels.dtype, device=pixels.device).scatter(1, visible, 0)
        mask = hidden.reshape(batch, 1, 7, 7).repeat_interleave(32, 2).repeat_interleave(32, 3)
        x = self.patch_embed["proj"](pixels * (1 - mask)).flatten(2).transpose(1, 2) + self.pos_embed
        x = self.unroll_with[0].unroll(x).reshape(batch, -1, UNITS, x.shape[-1])
        index = visible[:, None, :, None].expand(-1, x.shape[1], -1, x.shape[-1])
        x = x.gather(2, index).flatten(1, 2)
        sum_of_stages = 0
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number in self.ends[:2]:
                stage = self.ends.index(number)
                fused = self.multi_scale_fusion_heads[stage](self.reroll(x, kept, 8 >> stage))
                sum_of_stages = sum_of_stages + fused.reshape(batch, kept, fused.shape[1], -1).transpose(2, 3)
        last = self.reroll(x, kept, FINAL_SIDE).reshape(batch, kept, x.shape[-1], -1).transpose(2, 3)
        return self.encoder_norm(last + sum_of_stages)

    def forward(self, pixels, visible):
        batch, kept = visible.shape
        embedded = self.decoder_embed(self.encode(pixels, visible))
        units = self.mask_token[:, :, None].expand(batch, UNITS, FINAL_SIDE**2, -1).to(embedded.dtype)
        index = visible[:, :, None, None].expand_as(embedded)
        x = units.scatter(1, index, embedded)
        x = x.reshape(batch, 7, 7, FINAL_SIDE, FINAL_SIDE, -1).transpose(2, 3).reshape(batch, GRID * GRID, -1)
        x = x + self.decoder_pos_embed
        for block in self.decoder_blocks:
            x = block(x)
        hidden = torch.ones(batch, UNITS, dtype=torch.bool, device=pixels.device).scatter(1, visible, False)
        hidden = hidden.reshape(batch, 7, 7).repeat_interleave(FINAL_SIDE, 1).repeat_interleave(FINAL_SIDE, 2).flatten(1)
        predicted = self.decoder_pred(self.decoder_norm(x))[hidden]
        patches = pixels.reshape(batch, CHANNELS, GRID, PATCH, GRID, PATCH).permute(0, 2, 4, 1, 3, 5)
        wanted = patches.reshape(batch, GRID * GRID, -1)[hidden]
        wanted = (wanted - wanted.mean(-1, keepdim=True)) / (wanted.var(-1, keepdim=True) + 1e-6).sqrt()
        return ((predicted.float() - wanted.float()) ** 2).mean()


def build(name):
    """Returns the autoencoder of a published name, such as mae_hiera_base_224."""
    dim, heads, stages = hiera_eager.VARIANTS[name.replace("mae_", "").replace("_224", "")]
    return HieraMae(dim, heads, stages)


def visible_units(batch, ratio=0.6):
    kept = int(UNITS * (1 - ratio))
    return torch.rand(batch, UNITS).argsort(1)[:, :kept].sort(1).values


def check(name, golden_file):
    """Returns the relative error of the loss compared with a golden file."""
    with open(golden_file) as file:
        golden = json.load(file)
    model = build(name)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            values = formula(parameter_name, tuple(parameter.shape))
            if parameter_name == "mask_token":
                values = values * 0.2 / np.sqrt(3 / DECODER_WIDTH)  # like a position parameter, by the goldens' rules
            parameter.copy_(values)
        loss = model(formula("input", tuple(golden["input_shape"])), torch.tensor(golden["visible"]))
    return abs(float(loss) / golden["loss"] - 1)
