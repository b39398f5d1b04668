"""Says why a letter failed without repeating what it said; without it what a person wrote would stand in logs.

Only our own words are kept: of any other fault its class and its place, of a database's its state and its constraint.
"""

from dataclasses import dataclass
from traceback import walk_tb

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from shared.errors import Problem
from shared.raw import DatabaseFault
from shared.reactions import Permanent

_OURS = ("services.", "shared.")
_HERE = "shared.inbox"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a letter failed."""

    error_class: str
    error: str
    permanent: bool = False


def cause_of(failed: BaseException) -> Cause:
    """Describe a fault in words that hold no payload."""
    if isinstance(failed, Permanent):
        return Cause(type(failed).__name__, str(failed), permanent=True)
    if isinstance(failed, Problem):
        return Cause(type(failed).__name__, f"{failed.slug}{_place(failed)}")
    if isinstance(failed, ValidationError):
        return Cause("ValidationError", f"{places_of(failed)}{_place(failed)}")
    if isinstance(failed, DBAPIError):
        driver = failed.orig.__cause__ if failed.orig is not None and failed.orig.__cause__ else failed.orig or failed
        return Cause(type(driver).__name__, f"{_database(driver)}{_place(failed)}")
    if isinstance(failed, DatabaseFault):
        return Cause(type(failed).__name__, f"{_database(failed)}{_place(failed)}")
    return Cause(type(failed).__name__, f"raised{_place(failed)}")


def places_of(broken: ValidationError) -> str:
    """Name the fields that do not fit, and how; what stands in them is left out."""
    errors = broken.errors(include_input=False, include_url=False, include_context=False)
    return ", ".join(f"{error['loc'][0] if error['loc'] else 'body'} {error['type']}" for error in errors[:10])


def _database(fault: BaseException) -> str:
    told = (
        f"{name} {value}"
        for name in ("sqlstate", "constraint_name", "table_name", "column_name")
        if (value := getattr(fault, name, None))
    )
    return ", ".join(told) or "no answer"


def _place(failed: BaseException) -> str:
    """Name the innermost line of ours: a fault's own words may repeat what a person wrote."""
    frames = [
        (str(frame.f_globals.get("__name__")), frame.f_code.co_name, line)
        for frame, line in walk_tb(failed.__traceback__)
    ]
    ours = [frame for frame in frames if frame[0].startswith(_OURS) and not frame[0].startswith(_HERE)]
    return " in {}.{}, line {}".format(*(ours or frames)[-1]) if frames else ""
