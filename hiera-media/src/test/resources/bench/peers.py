"""The peers of the media benchmarks: one round per line read, seconds per item per line written.

Lines in: `image PATH COUNT` (Pillow + torchvision: decode, resize, crop, normalise) or
`clip PATH COUNT` (PyAV: the 16 frames of the middle clip, stride 4 at 30 frames per second, as RGB arrays).
"""
import io
import sys
import time

import torch

torch.set_num_threads(1)


def image_round(path, count):
    from PIL import Image
    from torchvision import transforms

    transform = transforms.Compose([
        transforms.Resize(256, interpolation=transforms.InterpolationMode.BICUBIC),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
    data = open(path, "rb").read()
    start = time.perf_counter()
    for _ in range(count):
        transform(Image.open(io.BytesIO(data)).convert("RGB"))
    return (time.perf_counter() - start) / count


def middle_clip(path, frames=16, stride=4):
    import av

    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        base = float(stream.time_base)
        duration = stream.duration * base
        first = (duration - frames * stride / 30) / 2
        wanted = [first + k * stride / 30 + 0.0005 for k in range(frames)]
        container.seek(int(first / base), stream=stream)
        chosen, shown, next_wanted = [], None, 0
        for frame in container.decode(stream):
            while next_wanted < frames and shown is not None and frame.time > wanted[next_wanted]:
                chosen.append(shown)
                next_wanted += 1
            if next_wanted == frames:
                break
            shown = frame
        chosen += [shown] * (frames - len(chosen))
        return [frame.to_ndarray(format="rgb24") for frame in chosen]


def clip_round(path, count):
    start = time.perf_counter()
    for _ in range(count):
        assert len(middle_clip(path)) == 16
    return (time.perf_counter() - start) / count


for line in sys.stdin:
    kind, path, count = line.rstrip("\n").split("\t")
    seconds = {"image": image_round, "clip": clip_round}[kind](path, int(count))
    print(seconds, flush=True)
