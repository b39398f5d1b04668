"""Without this file a power cut or a curious neighbour could get at a key or a configuration half-written."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.embedded.faults import told


def private_directory(path: Path) -> Path:
    with told(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    return path


@contextmanager
def temporary_directory() -> Generator[Path]:
    """Give tests, benches and trial runs a `var` that root's PostgreSQL can use in place, and take it away again."""
    with tempfile.TemporaryDirectory(prefix="commonwatch-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


def write_private(path: Path, text: str, *, keep: bool = False) -> None:
    """Put the whole text on disk at mode 0600 or leave things as they were; `keep` never replaces an older file."""
    with told(path):
        # A new file, renamed or linked: nothing is ever written through a symbolic link that somebody planted.
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if keep:
                with suppress(FileExistsError):
                    path.hardlink_to(draft)
            else:
                draft.replace(path)
            sync_directory(path.parent)
        finally:
            draft.unlink(missing_ok=True)


def sync_directory(path: Path) -> None:
    """Make a rename or a new name inside the directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
