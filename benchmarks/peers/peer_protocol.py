"""How a peer talks to the benchmark: a JSON value a line, as protocol.ts says. Import it before libraries that may print."""

import importlib.metadata
import importlib.util
import json
import sys
import warnings

# what libraries print must not look like messages
_channel = sys.stdout
sys.stdout = sys.stderr
warnings.simplefilter("ignore")


class Unsupported(Exception):
    """The peer can't search a problem's space."""


def say(kind, **content):
    _channel.write(json.dumps({"type": kind, **content}) + "\n")
    _channel.flush()


def evaluate(config):
    """Asks the benchmark for the value of a config, a list of them with several objectives."""
    say("evaluate", config=config)
    return json.loads(sys.stdin.readline())["value"]


def fail(reason):
    say("failed", reason=reason)
    sys.exit(0)


def require(*packages):
    """Says which packages are missing and ends, if any are; gives the versions of all otherwise."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        fail(f"Python lacks {', '.join(missing)}")
    return {name: importlib.metadata.version(name) for name in packages}


def serve(versions, run_study):
    """Runs the studies that it is told of; `run_study(request)` gives the milliseconds that each suggestion took."""
    say("ready", versions=versions)
    for line in iter(sys.stdin.readline, ""):
        try:
            say("finished", suggestionMs=run_study(json.loads(line)))
        except Unsupported as error:
            say("unsupported", reason=str(error))
