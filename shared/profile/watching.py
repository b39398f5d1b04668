"""Follows a profile's files while a service runs; without it a change of a rule would wait for the next rollout."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from shared.observe import RULES_BROKEN, RULES_READ, logger
from shared.profile.loading import load_with_files
from shared.profile.profile import Profile
from shared.profile.written import BadProfile

log = logger("profile")
Changed = Callable[[Profile, Profile], Awaitable[None]]
"""Told the rules as they were and as they are."""
_Seen = tuple[tuple[Path, int, int, int] | None, ...]


class Followed:
    """The rules in force. What cannot be used changes nothing: the old rules stay, and that is told.

    `on_change` is called after each change, until it succeeds: what follows from a rule may fail for a while. It must
    bear being called again.
    """

    def __init__(self, service: str, name: str, folder: Path, take: Callable[[Profile], None]) -> None:
        self.current, self._files = load_with_files(name, folder)
        self.on_change: list[Changed] = []
        self.broken: BadProfile | None = None
        """Why the files as they are now cannot be used; None while the rules in force are those of the files."""
        self._service, self._name, self._folder, self._take = service, name, folder, take
        self._seen: _Seen | None = None
        """How the files looked before they were last read; None: they may have changed while they were first read."""
        self._owed: list[tuple[Changed, Profile]] = []
        take(self.current)

    async def look(self) -> bool:
        """Read the files again if they look different; say whether other rules are in force now.

        What cannot be used is read again each time: the file that it lacks may have come.
        """
        seen = _looks(self._files)
        taken = False
        if seen != self._seen or self.broken is not None:
            self._seen = seen
            try:
                read, files = await asyncio.to_thread(load_with_files, self._name, self._folder)
            except BadProfile as bad:
                self._refuse(bad)
            else:
                taken = self._accept(files, read)
        await self._tell()
        return taken

    def _refuse(self, bad: BadProfile) -> None:
        if self.broken is None or self.broken.faults != bad.faults:
            faults = [str(fault) for fault in bad.faults]
            log.error("the profile cannot be used; the old rules stay", profile=self._name, faults=faults)
            RULES_READ.labels(self._service, "refused").inc()
        RULES_BROKEN.labels(self._service).set(1)
        self.broken = bad

    def _accept(self, files: list[Path], read: Profile) -> bool:
        RULES_BROKEN.labels(self._service).set(0)
        self.broken = None
        if files != self._files:
            self._files, self._seen = files, None
        if read.content_hash == self.current.content_hash:
            return False
        before, self.current = self.current, read
        self._take(read)
        known = dict(self._owed)  # who could not follow the last change either learns from where it has to go on
        self._owed = [(told, known.get(told, before)) for told in self.on_change]
        RULES_READ.labels(self._service, "taken").inc()
        log.warning("other rules are in force", profile=self._name, content_hash=read.content_hash)
        return True

    async def _tell(self) -> None:
        for owed in self._owed.copy():
            told, before = owed
            try:
                await told(before, self.current)
            except Exception as failed:
                log.exception("what follows from other rules failed; it is tried again", error=repr(failed))
            else:
                self._owed.remove(owed)


def _looks(files: list[Path]) -> _Seen:
    """Look at the files without reading them. A mounted one changes by a link to another file, so its number counts."""
    return tuple(_look(file) for file in files)


def _look(file: Path) -> tuple[Path, int, int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return file, stat.st_ino, stat.st_mtime_ns, stat.st_size
