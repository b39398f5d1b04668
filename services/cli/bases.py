"""`commonwatch bases`: lists a catalogue of legal bases; without it an installation would begin with none to cite."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from services.cli.operation import Gateway, SecretFile, operating
from services.cli.terminal import Var, console, run
from shared.contracts.values import derived_id
from shared.embedded.faults import Misconfigured
from shared.settings import ROOT

SEED = ROOT / "profiles" / "bases" / "cn.yaml"
AT_ONCE = 500


def bases(
    file: Annotated[Path, typer.Option(help="The catalogue, in the form of profiles/bases/cn.yaml.")] = SEED,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """List the legal bases of a catalogue; listing it again changes only what changed in the file."""
    try:
        listed = entries(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as broken:
        raise Misconfigured(f"{file} is no catalogue of legal bases: {broken!r}.") from None

    async def listing() -> list[dict[str, int]]:
        async with operating(var, gateway, secret_file) as operation:
            parts = [listed[begin : begin + AT_ONCE] for begin in range(0, len(listed), AT_ONCE)]
            return [await operation.write("/bases", part) for part in parts]

    changed = sum(told["changed"] for told in run(listing()))
    console.print(f"{len(listed)} legal bases, {changed} of them new or changed")


def entries(catalogue: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the catalogue as `PUT /bases` takes it, what is superseded first; ids follow from names."""
    given: list[dict[str, Any]] = catalogue["bases"]
    return [_entry(each) for each in sorted(given, key=lambda each: "supersedes" in each)]


def _entry(given: dict[str, Any]) -> dict[str, Any]:
    in_force = given.get("dated") == "in force"
    verified = in_force and given["mark"] == "L"
    day: date | None = given.get("date")
    supersedes = given.get("supersedes")
    notes = [
        f"{given['dated']} {day}" if day and not in_force else "",
        "" if verified else "date unverified",
    ]
    return {
        "id": str(_id(given["name"])),
        "short_name": given["name"],
        "title_zh": given.get("zh", given["name"]),
        "title_en": given.get("en", given["name"]),
        "number": given.get("number", ""),
        "issuer": given.get("issuer", ""),
        "level": given["level"],
        "mark": given["mark"],
        "valid_from": str(day) if day else None,
        "valid_to": str(given["ends"]) if "ends" in given else None,
        "date_verified": verified,
        "supersedes_id": str(_id(supersedes)) if supersedes else None,
        "note": "; ".join(filter(None, notes)),
    }


def _id(name: str) -> Any:
    return derived_id("basis", name)
