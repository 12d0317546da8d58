"""Measures one PyTorch contender and prints one JSON line, in the format of `hiera benchmark --json`.

    python3 measure_peer.py --model hiera_base_224 --batch 8 --dtype bfloat16 --engine eager --threads 2

Engines: eager (hiera_eager.py), compile (the same under torch.compile with frozen weights, PyTorch 2 and later), jit (the same traced, frozen and
optimised), timm and timm-compile (timm's model, where timm is installed). Exit status 3: the engine is not available here.
"""

import argparse
import json
import sys
import time

import torch

import hiera_eager


def load(options):
    if options.engine.startswith("timm"):
        import timm

        return timm.create_model(options.model, pretrained=False).eval()
    return hiera_eager.build(options.model)


def prepare(model, options, sample):
    if options.engine.endswith("compile"):
        from torch._inductor import config

        config.freezing = True
        return torch.compile(model)
    if options.engine == "jit":
        return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, sample)))
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="hiera_base_224")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--engine", default="eager")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--check", metavar="GOLDEN", help="compare the scores with a golden file and exit")
    options = parser.parse_args()

    if options.check:
        error = hiera_eager.check(options.model, options.check)
        print(f"{options.model}: relative error {error:.1e}")
        sys.exit(0 if error < 5e-6 else 1)
    if options.threads:
        torch.set_num_threads(options.threads)
    dtype = getattr(torch, options.dtype)
    sample = hiera_eager.pixels(options.model, options.batch).to(dtype)
    try:
        with torch.inference_mode(options.engine != "jit"), torch.no_grad():
            model = prepare(load(options).to(dtype), options, sample)
            for _ in range(2):
                model(sample)
            times = []
            deadline = time.perf_counter() + options.seconds
            while len(times) < 5 or (time.perf_counter() < deadline and len(times) < 100):
                start = time.perf_counter()
                model(sample)
                times.append((time.perf_counter() - start) * 1e3)
    except (ImportError, AttributeError, RuntimeError) as fault:
        print(f"{options.engine}: not available here: {fault}", file=sys.stderr)
        sys.exit(3)
    times.sort()
    median = times[len(times) // 2]
    print(json.dumps({
        "model": options.model,
        "backend": f"{options.engine} (PyTorch {torch.__version__})",
        "dtype": options.dtype,
        "batch": options.batch,
        "threads": torch.get_num_threads(),
        "milliseconds": round(median, 2),
        "samplesPerSecond": round(options.batch * 1e3 / median, 3),
    }))


if __name__ == "__main__":
    main()
