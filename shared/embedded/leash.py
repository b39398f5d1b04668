"""Without this file a killed Commonwatch would leave its servers running, and PostgreSQL would refuse to run for root.

A program of its own, run between fork and exec: code there must not share locks with the parent's threads. It
imports nothing of ours, because it runs isolated, before it gives up root.

    python leash.py PARENT DEATH_SIGNAL UID GID PROGRAM ARGUMENT…
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, death_signal, uid, gid = map(int, sys.argv[1:5])
    command = sys.argv[5:]
    os.umask(0o077)
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of user, which clears it. Elsewhere the next start finds the survivor (see process.py).
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            sys.exit("Commonwatch ended before its server began")
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted: the arguments are exact


if __name__ == "__main__":
    main()
