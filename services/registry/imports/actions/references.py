"""What a row names must be registered; without it an enterprise could stand in an area that nobody watches."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.areas.domain import parent_of
from services.registry.areas.queries import registered as registered_areas
from services.registry.imports.actions.holders import OfHolders
from services.registry.imports.actions.wrong import Wrong
from services.registry.imports.domain.faults import BadCell, Fault, told, unknown_area, unknown_one
from services.registry.imports.domain.kinds.people import person_of
from services.registry.imports.domain.reading import Batch, Entry, Reading
from services.registry.parties.queries import kinds
from services.registry.people.domain import PersonState, membership_faults
from services.registry.people.queries import granted, local_day
from services.registry.people.queries import registered as registered_people
from services.registry.people.shapes import KeepMembership
from shared.contracts.values import derived_id

MAX_KNOWN = 50_000


class References(Protocol):
    """Finds, batch by batch, rows that name what is not there."""

    async def wrong(self, tx: AsyncSession, entries: list[Entry]) -> dict[int, Wrong]:
        """Give by index the column at fault and why."""
        ...


async def sift(tx: AsyncSession, references: References, reading: Reading, batch: Batch) -> None:
    """Move rows that name what is not there from the good of a batch to the bad."""
    wrong = await references.wrong(tx, batch.entries)
    if wrong:
        told_now: list[BadCell] = [reading.bad(batch.entries[index], *why) for index, why in wrong.items()]
        batch.bad += told_now
        batch.entries = [entry for index, entry in enumerate(batch.entries) if index not in wrong]


class _Areas:
    """Which area codes are registered, asked once for each."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    async def unknown(self, tx: AsyncSession, codes: Iterable[str]) -> set[str]:
        asked = set(codes)
        if new := asked - self._known.keys():
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
                new = asked
            found = await registered_areas(tx, new)
            self._known |= {code: code in found for code in new}
        return {code for code in asked if not self._known[code]}


class InAreas:
    """Rows that lie in an area."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._areas = _Areas()

    async def wrong(self, tx: AsyncSession, entries: list[Entry]) -> dict[int, Wrong]:
        unknown = await self._areas.unknown(tx, {entry.given["area_code"] for entry in entries})
        if not unknown:
            return {}
        return {
            index: ("area_code", unknown_area(code))
            for index, entry in enumerate(entries)
            if (code := entry.given["area_code"]) in unknown
        }


class OfEnterprises(InAreas):
    """Enterprises: in an area, and not from the future."""

    async def wrong(self, tx: AsyncSession, entries: list[Entry]) -> dict[int, Wrong]:
        wrong = await super().wrong(tx, entries)
        today = local_day(tx, self._now)
        for index, entry in enumerate(entries):
            established: date | None = entry.given.get("established_on")
            if established is not None and established > today:
                wrong.setdefault(index, ("established_on", _NOT_YET))
        return wrong


class OfPeople(InAreas):
    """Memberships: of a person, in a party that fits the role, not revoked."""

    async def wrong(self, tx: AsyncSession, entries: list[Entry]) -> dict[int, Wrong]:
        wrong = await super().wrong(tx, entries)
        people = [person_of(entry.given) for entry in entries]
        known = await registered_people(tx, people)
        parties = await kinds(tx, [entry.given["party_id"] for entry in entries if entry.given.get("party_id")])
        ids = [_membership_id(entry) for entry in entries]
        before = await granted(tx, ids)
        for index, entry in enumerate(entries):
            party: UUID | None = entry.given.get("party_id")
            if index in wrong:
                continue
            if people[index] not in known:
                column = "person_id" if entry.given.get("person_id") else "person_number"
                wrong[index] = column, unknown_one("person", "person", "人员")
            elif party is not None and party not in parties:
                wrong[index] = "party_id", unknown_one("party", "party", "单位")
            elif known[people[index]].state is PersonState.LEFT:
                wrong[index] = None, _LEFT
            elif ids[index] in before and before[ids[index]].revoked:
                wrong[index] = None, _REVOKED
            elif misfit := next(membership_faults([(_told(entry), parties.get(party) if party else None)]), None):
                wrong[index] = misfit.field, told(misfit, "Correct it, or the party.", "请更正该项或单位。")
        return wrong


class Nested:
    """Areas: each lies in one that is registered, or that stands in the same file and is good itself."""

    def __init__(self, good: set[str]) -> None:
        self._good = good

    async def wrong(self, tx: AsyncSession, entries: list[Entry]) -> dict[int, Wrong]:  # noqa: ARG002 — all was asked when it was made
        return {
            index: ("area_code", unknown_area(parent_of(code) or code))
            for index, entry in enumerate(entries)
            if (code := entry.given["area_code"]) not in self._good
        }


async def nested(tx: AsyncSession, codes: set[str]) -> Nested:
    """Find which of the file's areas hang together with the register, from the widest to the narrowest."""
    parents = {parent for code in codes if (parent := parent_of(code)) is not None}
    known = await registered_areas(tx, parents - codes)
    good: set[str] = set()
    for code in sorted(codes, key=len):
        parent = parent_of(code)
        if parent is None or parent in known or parent in good:
            good.add(code)
    return Nested(good)


def _membership_id(entry: Entry) -> UUID:
    given = entry.given
    return given.get("id") or derived_id(
        "membership", person_of(given), given.get("party_id"), given["role"], given["area_code"]
    )


def _told(entry: Entry) -> KeepMembership:
    given = entry.given
    return KeepMembership.model_construct(
        person_id=person_of(given),
        party_id=given.get("party_id"),
        role=given["role"],
        area_code=given["area_code"],
        valid_from=given.get("valid_from"),
        valid_to=given.get("valid_to"),
    )


_LEFT = Fault(
    "person-left",
    "That person has left.",
    "该人员已离职。",
    "Delete the line, or let the person come back first.",
    "请删除本行，或先恢复该人员。",
)
_REVOKED = Fault(
    "membership-revoked",
    "That membership was revoked and stays so.",
    "该任职已被撤销，不能恢复。",
    "Grant a new one under a new id, or delete the line.",
    "请以新的登记编号重新授予，或删除本行。",
)
_NOT_YET = Fault(
    "not-yet-established",
    "This day has not come yet.",
    "成立日期尚未到来。",
    "Correct the day of establishment.",
    "请更正成立日期。",
)
REFERENCES: Mapping[str, Callable[[datetime], References]] = {
    "parties": InAreas,
    "enterprises": OfEnterprises,
    "people": InAreas,
    "memberships": OfPeople,
    "certificates": OfHolders,
}
