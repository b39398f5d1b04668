"""Makes a profile of its files, or says everything that is wrong with them; services and the command line ask here."""

import json
from hashlib import sha256
from pathlib import Path

from shared.calendars import Weekends
from shared.profile.merging import Merged, layers_of, merged, undocumented
from shared.profile.profile import Profile
from shared.profile.written import BadProfile, Fault
from shared.workdays import WorkingDays


def load(name: str, folder: Path) -> Profile:
    """Read `<folder>/<name>.yaml` and what it stands on, or raise BadProfile with a sentence for each fault."""
    whole = merged(layers_of(name, folder))
    if whole.faults or whole.zone is None:
        raise BadProfile(whole.faults)
    return Profile(
        name,
        _hash(whole),
        whole.zone,
        WorkingDays(whole.calendar or Weekends(), whole.workdays),
        whole.rules,
        clocks=whole.clocks,
        spans=frozenset(whole.spans),
        places=whole.places,
    )


def check(name: str, folder: Path) -> list[Fault]:
    """List every fault of a profile, also of what makes no number wrong: clocks that nobody describes."""
    try:
        whole = merged(layers_of(name, folder))
    except BadProfile as bad:
        return list(bad.faults)
    return whole.faults or list(undocumented(whole))


def files_of(name: str, folder: Path) -> list[Path]:
    """List the files that a profile is made of; raises BadProfile."""
    return [folder / f"{layer.written.name}.yaml" for layer in layers_of(name, folder)]


def _hash(whole: Merged) -> str:
    said = json.dumps([layer.file.model_dump(mode="json") for layer in whole.layers], sort_keys=True)
    return sha256(said.encode()).hexdigest()
