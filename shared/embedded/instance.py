"""Without this file two Commonwatches could run on one directory and spoil each other's data."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shared.embedded.faults import Misconfigured, told


@contextmanager
def instance_lock(var: Path) -> Generator[None]:
    """Hold `var` for this process alone; the kernel lets go when the process ends, however it ends."""
    with told(var):
        var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise Misconfigured(
                f"Another Commonwatch (process {holder}) already uses {var}: "
                "stop it first, or choose another directory."
            ) from None
        with told(var / "lock"):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
