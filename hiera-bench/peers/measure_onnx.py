"""Measures one runtime for ONNX files and prints one JSON line, in the format of `hiera benchmark --json`.

    ./hiera export formula:hiera_base_224 base.onnx
    python3 measure_onnx.py --file base.onnx --model hiera_base_224 --batch 8 --engine ort --threads 2

Engines: ort (ONNX Runtime, float32), ort-int8 (the same with its dynamic quantisation), openvino (float32, tuned for latency).
Exit status 3: the engine is not available.
"""

import argparse
import os
import sys

import numpy as np

import peer_timing


def pixels(model, batch):
    shape = (batch, 3, 16, 224, 224) if model.endswith("_16x224") else (batch, 3, 224, 224)
    return np.random.default_rng(1).standard_normal(shape, dtype=np.float32)


def onnx_runtime(options):
    import onnxruntime

    path = options.file
    if options.engine == "ort-int8":
        from onnxruntime.quantization import quantize_dynamic

        path = options.file.removesuffix(".onnx") + ".dynamic-int8.onnx"
        if not os.path.exists(path):
            quantize_dynamic(options.file, path + ".part")
            os.replace(path + ".part", path)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    feeds = {session.get_inputs()[0].name: pixels(options.model, options.batch)}
    outputs = [session.get_outputs()[0].name]
    return lambda: session.run(outputs, feeds), f"{options.engine} (ONNX Runtime {onnxruntime.__version__})"


def openvino(options):
    import openvino

    core = openvino.Core()
    model = core.read_model(options.file)
    sample = pixels(options.model, options.batch)
    model.reshape({model.input(0): sample.shape})
    settings = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    if options.threads:
        settings["INFERENCE_NUM_THREADS"] = options.threads
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    return lambda: request.infer([sample]), f"openvino (OpenVINO {openvino.__version__.split('-')[0]})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    peer_timing.add_options(parser)
    parser.add_argument("--file", required=True, help="the model as ONNX, from hiera export")
    parser.add_argument("--engine", default="ort", choices=["ort", "ort-int8", "openvino"])
    options = parser.parse_args()
    try:
        run, name = openvino(options) if options.engine == "openvino" else onnx_runtime(options)
        dtype = "int8" if options.engine == "ort-int8" else "float32"
        peer_timing.report(run, options, name, dtype, options.threads)
    except (ImportError, RuntimeError, ValueError) as fault:
        print(f"{options.engine}: not available here: {fault}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
