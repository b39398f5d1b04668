"""Without this file a power cut or a curious neighbour could get at a key or a configuration half-written."""

import os
from pathlib import Path

from shared.embedded.faults import told


def private_directory(path: Path) -> Path:
    with told(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    return path


def write_private(path: Path, text: str, *, keep: bool = False) -> None:
    """Put the whole text on disk at mode 0600 or leave things as they were; `keep` never replaces an older file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with told(path):
        draft.unlink(missing_ok=True)
        # O_EXCL also refuses a planted symbolic link, so nothing is ever written through one.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if keep:
                _link_if_absent(draft, path)
            else:
                draft.replace(path)
            sync_directory(path.parent)
        finally:
            draft.unlink(missing_ok=True)


def _link_if_absent(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return


def sync_directory(path: Path) -> None:
    """Make a rename or a new name inside the directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
