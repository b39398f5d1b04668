"""Without this file a half-made, foreign or open cluster of PostgreSQL files could be taken for ours and served."""

import os
import pwd
import shutil
from contextlib import suppress
from pathlib import Path

import psutil

from shared.embedded.faults import told, told_by_log
from shared.embedded.files import sync_directory, write_private
from shared.embedded.place import Place
from shared.embedded.process import child, vacant

SUPERUSER = "postgres"
GRAVE = ("FATAL", "PANIC", "error:", "ERROR")

SIGN_IN = f"""\
# Written at every start. The system users of pg_ident.conf may be superuser; every other role needs its password.
local all {SUPERUSER} peer map=commonwatch
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128 scram-sha-256
"""


async def prepare(place: Place) -> None:
    """Bring the cluster to where a server can start on it, now or after any crash."""
    if not place.data.exists():
        await _make(place)
    await clear_predecessor(place.data)
    _write_sign_in(place)


async def _make(place: Place) -> None:
    """Make the cluster under another name and rename it: a half-made one is never taken for a real one."""
    draft = place.data.with_name(f"{place.data.name}.new")
    with told(draft):
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        os.chown(draft, place.account.uid, place.account.gid)
    log = place.home / "initdb.log"
    command = [
        *(place.programs / "initdb", "-D", draft, "--username", SUPERUSER, "--auth=reject", "--no-instructions"),
        # Unicode's own letters and byte order on every machine; trigrams of Chinese words need a UTF-8 ctype.
        *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--locale=C", "--lc-ctype=C.UTF-8"),
    ]
    try:
        async with child(command, home=draft, log=log, account=place.account) as initdb:
            if await initdb.ended() != 0:
                raise told_by_log("PostgreSQL's initdb", log, GRAVE)
        with told(place.data):
            draft.rename(place.data)
            sync_directory(place.data.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    place.remember()


async def clear_predecessor(data: Path) -> None:
    """Wait until a killed server's last processes are gone, and take away the lock that it could not remove."""
    lock = data / "postmaster.pid"
    with told(lock):
        if not lock.exists():
            return
        await vacant(data, "postgres", "PostgreSQL")
        with suppress(FileNotFoundError, IndexError, ValueError, psutil.Error):
            pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
            # PostgreSQL takes any living process of that number for its rival, but numbers are given again.
            if psutil.Process(pid).name() != "postgres":
                lock.unlink()


def _write_sign_in(place: Place) -> None:
    operators = sorted({pwd.getpwuid(os.geteuid()).pw_name, place.account.name})
    identities = "".join(f'commonwatch "{name}" {SUPERUSER}\n' for name in operators)
    for name, text in {"pg_hba.conf": SIGN_IN, "pg_ident.conf": identities}.items():
        write_private(place.data / name, text)
        os.chown(place.data / name, place.account.uid, place.account.gid)
