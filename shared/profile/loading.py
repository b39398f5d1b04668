"""Makes a profile of its files, or says everything that is wrong with them; services and the command line ask here."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from shared.calendars import Weekends
from shared.profile.merging import Layer, Merged, layers_of, merged, undocumented
from shared.profile.profile import Profile
from shared.profile.written import BadProfile, Fault
from shared.workdays import WorkingDays


def load(name: str, folder: Path) -> Profile:
    """Read `<folder>/<name>.yaml` and what it stands on, or raise BadProfile with a sentence for each fault."""
    return load_with_files(name, folder)[0]


def load_with_files(name: str, folder: Path) -> tuple[Profile, list[Path]]:
    """Do the same and name the files that it is made of."""
    layers = tuple(layers_of(name, folder))
    return _made(name, layers), [folder / f"{layer.written.name}.yaml" for layer in layers]


@lru_cache(maxsize=8)
def _made(name: str, layers: tuple[Layer, ...]) -> Profile:
    """Make it once of the same texts: the services of one process all follow one profile."""
    whole = merged(layers)
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


def _hash(whole: Merged) -> str:
    said = json.dumps([layer.file.model_dump(mode="json") for layer in whole.layers], sort_keys=True)
    return sha256(said.encode()).hexdigest()
