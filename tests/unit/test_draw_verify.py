"""`commonwatch draw verify`: a draw that was tampered with is found out, whatever was changed."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from services.cli.draws import app
from services.inspection.campaigns.domain.drawing import Entry, Lots, commitment_to, draw, hash_of

LIST = [Entry(UUID(int=n), "general") for n in range(1, 21)]
SHARES = {"general": 0.1}


def published(**changes: Any) -> dict[str, Any]:
    """Give what the platform shows of a draw of 2 among 20, with any field changed."""
    lots = Lots(campaign_id=UUID(int=99), list_hash=hash_of(LIST), secret="s" * 64, public_value="7 11 13")
    return {
        "campaign_id": str(lots.campaign_id),
        "entries": [{"id": str(entry.id), "stratum": entry.stratum} for entry in LIST],
        "list_hash": lots.list_hash,
        "commitment": commitment_to(lots.secret),
        "shares": SHARES,
        "secret": lots.secret,
        "public_value": lots.public_value,
        "witness": "Notary Zhou",
        "seed": lots.seed,
        "drawn": [str(entry.id) for entry in draw(LIST, SHARES, lots.seed)],
        **changes,
    }


def verified(folder: Path, text: str) -> tuple[int, str]:
    file = folder / "draw.json"
    file.write_text(text, "utf-8")
    answer = CliRunner().invoke(app, ["verify", str(file)])
    return answer.exit_code, answer.output


def test_a_draw_as_it_was_made_is_right(tmp_path: Path) -> None:
    code, said = verified(tmp_path, json.dumps(published()))
    assert code == 0
    assert "Right: 2 of 20 drawn." in said
    assert published()["list_hash"] in said


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"entries": [{"id": str(UUID(int=1)), "stratum": "general"}]}, "not the one that was frozen"),
        ({"secret": "t" * 64}, "not the one that was bound"),
        ({"public_value": "7 11 17"}, "The seed does not follow"),
        ({"seed": "0" * 64}, "The seed does not follow"),
        ({"campaign_id": str(UUID(int=98))}, "The seed does not follow"),
        ({"drawn": [str(UUID(int=1)), str(UUID(int=2))]}, "another one than the draw gives"),
        ({"drawn": []}, "another one than the draw gives"),
        ({"shares": {"general": 0.2}}, "another one than the draw gives"),
        ({"secret": None}, "Nothing was drawn yet"),
    ],
)
def test_whatever_was_changed_is_named(tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    code, said = verified(tmp_path, json.dumps(published(**changes)))
    assert (code, fault in said) == (1, True), said


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"secret": "x"}', "\x00"])
def test_what_is_no_draw_is_told_without_a_traceback(tmp_path: Path, text: str) -> None:
    code, said = verified(tmp_path, text)
    assert (code, "is no draw" in said) == (2, True), said
