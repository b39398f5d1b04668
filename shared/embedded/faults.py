"""Without this file a full disk or a wrong owner would reach the operator as a traceback instead of a sentence."""

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class Misconfigured(Exception):
    """Commonwatch cannot start; the message is a sentence for the operator: what is wrong, where, what to do."""


ADVICE = {
    errno.ENOSPC: "the disk is full; free some space and start again",
    errno.EDQUOT: "the disk quota is used up; free some space and start again",
    errno.EROFS: "the file system is read-only; choose another directory or mount it writable",
    errno.EACCES: "permission denied; give it to the user that starts Commonwatch, or start as its owner",
    errno.EPERM: "permission denied; give it to the user that starts Commonwatch, or start as its owner",
    errno.ENOTDIR: "a file stands where a directory is needed; move it away",
    errno.EEXIST: "a file stands where a directory is needed; move it away",
    errno.EISDIR: "a directory stands where a file is needed; move it away",
}

# The same faults as a server's own log words them.
SPOKEN = {
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "Read-only file system": errno.EROFS,
    "Permission denied": errno.EACCES,
}


@contextmanager
def told(path: Path) -> Generator[None]:
    """Turn a fault of the file system at or below `path` into a sentence."""
    try:
        yield
    except OSError as fault:
        where = fault.filename if isinstance(fault.filename, str) else path
        advice = ADVICE.get(fault.errno or 0, fault.strerror or str(fault))
        raise Misconfigured(f"{where} cannot be used: {advice}.") from fault


def told_by_log(program: str, log: Path, keywords: tuple[str, ...]) -> Misconfigured:
    """Say why a server gave up, from the last line of its log that carries one of the keywords."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    grave = [line for line in lines if any(word in line for word in keywords)] or lines or ["it said nothing"]
    known = next((code for words, code in SPOKEN.items() if any(words in line for line in lines)), None)
    advice = f" Probably {ADVICE[known]}." if known else ""
    return Misconfigured(f"{program} did not start: {grave[-1].strip()}.{advice} The whole log is {log}.")
