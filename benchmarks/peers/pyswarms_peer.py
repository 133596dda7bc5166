"""pyswarms as a peer of the quality benchmark: its global-best swarm with the coefficients and the size of its documentation.

A swarm moves as a whole, so a generation's time is spread over its particles. It takes spaces of unconditional linear floats only.
"""

import os
import tempfile
import time

from peer_protocol import Unsupported, evaluate, require, serve

versions = require("pyswarms")
# it writes a log to wherever it is started
folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)

import numpy as np  # noqa: E402
from pyswarms.single import GlobalBestPSO  # noqa: E402

PARTICLES = 10
COEFFICIENTS = {"c1": 0.5, "c2": 0.3, "w": 0.9}


def run_study(request):
    parameters = request["parameters"]
    if any(parameter["type"] != "float" or parameter.get("log") for parameter in parameters.values()):
        raise Unsupported("it takes linear floats only")
    # pyswarms draws from NumPy's global stream
    np.random.seed(request["seed"])
    sign = -1 if request["mode"] == "max" else 1
    suggestion_ms = []
    left = time.perf_counter()

    def objective(positions):
        nonlocal left
        waited = 1000 * (time.perf_counter() - left)
        values = np.zeros(len(positions))
        for particle, position in enumerate(positions):
            # the last generation may go over the number of evaluations
            if len(suggestion_ms) < request["evaluations"]:
                values[particle] = sign * evaluate(dict(zip(parameters, position.tolist(), strict=True)))
                suggestion_ms.append(waited / len(positions))
        left = time.perf_counter()
        return values

    low, high = (np.array([parameter[end] for parameter in parameters.values()], float) for end in ("low", "high"))
    swarm = GlobalBestPSO(PARTICLES, len(parameters), COEFFICIENTS, bounds=(low, high))
    swarm.optimize(objective, iters=-(-request["evaluations"] // PARTICLES), verbose=False)
    return suggestion_ms


serve(versions, run_study)
