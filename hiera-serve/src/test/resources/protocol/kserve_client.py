"""Uses a server through KServe's unmodified client of the Open Inference Protocol: kserve from PyPI."""
import asyncio
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

address, model = "http://" + sys.argv[1], sys.argv[2]
pixels = np.random.default_rng(7).standard_normal((2, 3, 64, 64)).astype(np.float32)


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    assert await client.is_server_live(address) and await client.is_server_ready(address)
    assert await client.is_model_ready(address, model)
    answers = []
    for binary in (False, True):
        tensor = InferInput("input", list(pixels.shape), "FP32")
        tensor.set_data_from_numpy(pixels, binary_data=binary)
        response = await client.infer(address, InferRequest(model_name=model, infer_inputs=[tensor]), model_name=model)
        outputs = {output.name: output.as_numpy() for output in response.outputs}
        assert np.allclose(outputs["probabilities"].reshape(2, -1).sum(axis=1), 1, atol=1e-5)
        answers.append(outputs)
    for name in answers[0]:
        assert np.allclose(answers[0][name], answers[1][name], atol=1e-4), name
    try:
        await client.infer(address, InferRequest(model_name="absent", infer_inputs=[tensor]), model_name="absent")
        raise SystemExit("an absent model answered")
    except httpx.HTTPStatusError as refusal:
        assert "there is no model" in str(refusal), refusal
    print("the public client works")


asyncio.run(main())
