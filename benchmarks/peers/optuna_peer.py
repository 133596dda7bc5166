"""Optuna as a peer of the benchmarks: `python optuna_peer.py tpe|gp|cma-es|nsga2`.

Samplers have their defaults and the study's seed. The Gaussian process is told that the objective has no noise, as is true of all
problems here; by default it supposes some, and finds less. Timed are the asking, the suggesting of every parameter and the telling,
not the evaluation.
"""

import sys
import time

from peer_protocol import evaluate, fail, require, serve

packages = {
    "tpe": ["optuna"],
    "gp": ["optuna", "torch", "scipy"],
    "cma-es": ["optuna", "cmaes"],
    "nsga2": ["optuna"],
}
sampler_name = sys.argv[1]
versions = require(*packages[sampler_name])

import optuna  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.ERROR)


def make_sampler(seed):
    match sampler_name:
        case "tpe":
            return optuna.samplers.TPESampler(seed=seed)
        case "gp":
            return optuna.samplers.GPSampler(seed=seed, deterministic_objective=True)
        case "cma-es":
            return optuna.samplers.CmaEsSampler(seed=seed)
        case "nsga2":
            return optuna.samplers.NSGAIISampler(seed=seed)
    raise ValueError(f"there is no sampler {sampler_name}")


def suggest(trial, parameters, prefix=""):
    """The config of a trial; parameters of a branch carry its name, since Optuna's names are global."""
    config = {}
    for name, parameter in parameters.items():
        key = prefix + name
        log = parameter.get("log", False)
        match parameter["type"]:
            case "float":
                config[name] = trial.suggest_float(key, parameter["low"], parameter["high"], log=log)
            case "integer":
                config[name] = trial.suggest_int(key, parameter["low"], parameter["high"], log=log)
            case "choice":
                config[name] = trial.suggest_categorical(key, parameter["values"])
            case "branch":
                branches = parameter["branches"]
                branch = trial.suggest_categorical(key, list(branches))
                config[name] = {"branch": branch, **suggest(trial, branches[branch], f"{key}.{branch}.")}
            case other:
                raise ValueError(f"there is no parameter type {other}")
    return config


def run_study(request, evaluate=evaluate):
    direction = "maximize" if request["mode"] == "max" else "minimize"
    directions = [direction] * request["objectives"]
    study = optuna.create_study(sampler=make_sampler(request["seed"]), directions=directions)
    suggestion_ms = []
    for _ in range(request["evaluations"]):
        asked = time.perf_counter()
        trial = study.ask()
        config = suggest(trial, request["parameters"])
        answered = time.perf_counter()
        value = evaluate(config)
        evaluated = time.perf_counter()
        study.tell(trial, value)
        told = time.perf_counter()
        suggestion_ms.append(1000 * (answered - asked + told - evaluated))
    return suggestion_ms


# what does not go together shows before the first study; what is imported on first use is no suggestion's cost
unit = {"type": "float", "low": 0, "high": 1}
try:
    trial_study = {"mode": "min", "objectives": 1, "seed": 0, "evaluations": 3, "parameters": {"x": unit, "y": unit}}
    run_study(trial_study, lambda config: config["x"])
except Exception as error:
    fail(f"{', '.join(' '.join(entry) for entry in versions.items())} don't go together: {error}")
serve(versions, run_study)
