"""Uses a server through the unmodified public client of the Open Inference Protocol: tritonclient[http] from PyPI."""
import sys

import numpy as np
import tritonclient.http as http

address, model = sys.argv[1], sys.argv[2]
client = http.InferenceServerClient(address)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(model)
assert client.is_model_ready(model, "1")
assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
description = client.get_model_metadata(model)
shape = [3] + description["inputs"][0]["shape"][1:]
pixels = np.random.default_rng(7).standard_normal(shape).astype(np.float32)


def infer(binary_in, binary_out):
    tensor = http.InferInput("input", shape, "FP32")
    tensor.set_data_from_numpy(pixels, binary_data=binary_in)
    wanted = [http.InferRequestedOutput(name, binary_data=binary_out) for name in ("probabilities", "embedding")]
    return client.infer(model, [tensor], outputs=wanted, request_id="r1")


first = infer(True, True)
assert first.get_response()["id"] == "r1"
probabilities = first.as_numpy("probabilities")
assert probabilities.shape[0] == 3 and np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
for binary_in in (True, False):
    for binary_out in (True, False):
        other = infer(binary_in, binary_out)
        for name in ("probabilities", "embedding"):
            assert np.allclose(first.as_numpy(name), other.as_numpy(name), atol=1e-5), name
tensor = http.InferInput("input", shape, "FP32")
tensor.set_data_from_numpy(pixels)
everything = client.infer(model, [tensor])
for output in description["outputs"]:
    assert list(everything.as_numpy(output["name"]).shape)[1:] == output["shape"][1:], output
handles = [client.async_infer(model, [tensor]) for _ in range(4)]
for handle in handles:
    assert np.allclose(handle.get_result().as_numpy("probabilities"), probabilities, atol=1e-5)
try:
    client.infer("absent", [tensor])
    raise SystemExit("an absent model answered")
except http.InferenceServerException as refusal:
    assert "there is no model" in str(refusal), refusal
print("the public client works")
