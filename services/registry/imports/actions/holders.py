"""Finds whose a certificate is, and what its own noun has against it; names alone would give it to the wrong one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.domain import faults
from services.registry.certificates.shapes import KeepCertificate
from services.registry.imports.actions.wrong import Wrong
from services.registry.imports.domain.faults import ALREADY_EXISTS, Fault, told, unknown_one
from services.registry.imports.domain.kinds.people import person_numbered
from services.registry.imports.domain.reading import Entry
from services.registry.imports.queries import certificates_numbered, parties_called, people_in
from services.registry.people.models import Person
from services.registry.people.queries import local_day, registered


class OfHolders:
    """Certificates: of one person who is registered, under a number that nobody else's has."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    async def wrong(self, tx: AsyncSession, entries: list[Entry]) -> dict[int, Wrong]:
        found = await _found_by_name(tx, entries)
        holders = {index: _holder(entry, found) for index, entry in enumerate(entries)}
        people = await registered(tx, [each for each in holders.values() if isinstance(each, UUID)])
        taken = await certificates_numbered(
            tx, [entry.given["number"] for entry in entries if "*" not in entry.given["number"]]
        )
        today = local_day(tx, self._now)
        wrong: dict[int, Wrong] = {}
        for index, entry in enumerate(entries):
            holder, given = holders[index], entry.given
            if not isinstance(holder, UUID):
                wrong[index] = "party" if holder is _UNKNOWN_PARTY else "person_name", holder
            elif (refused := _not_this_one(entry, people.get(holder))) is not None:
                wrong[index] = refused
            else:
                given["person_id"], given["area_code"] = holder, people[holder].area_code
                owner = taken.get((given["kind"], given["number"]))
                if owner is not None and owner[1] != holder:
                    wrong[index] = "number", _OF_ANOTHER
                elif owner is not None and given.get("id") not in {None, owner[0]}:
                    wrong[index] = "number", ALREADY_EXISTS
                elif (misfit := next(faults([_told(entry)], today), None)) is not None:
                    wrong[index] = misfit.field, told(misfit, *_MEND)
        return wrong


Candidates = Mapping[tuple[str, str], set[UUID]]


async def _found_by_name(tx: AsyncSession, entries: Sequence[Entry]) -> tuple[Mapping[str, set[UUID]], Candidates]:
    """Give the parties that are called so, and the people of a name in each of them."""
    asked = [entry.given for entry in entries if _by_name(entry)]
    parties = await parties_called(tx, {given["party"] for given in asked})
    everywhere = {party for called in parties.values() for party in called}
    there = await people_in(tx, {given["person_name"] for given in asked}, everywhere) if everywhere else {}
    return parties, {
        (name, called): {person for party in ids for person in there.get((name, party), ())}
        for called, ids in parties.items()
        for name in {given["person_name"] for given in asked if given["party"] == called}
    }


def _by_name(entry: Entry) -> bool:
    return not (entry.given.get("person_id") or entry.given.get("person_number"))


def _holder(entry: Entry, found: tuple[Mapping[str, set[UUID]], Candidates]) -> UUID | Fault:
    given = entry.given
    if not _by_name(entry):
        return given.get("person_id") or person_numbered(given["person_number"])
    parties, people = found
    if given["party"] not in parties:
        return _UNKNOWN_PARTY
    candidates = people[given["person_name"], given["party"]]
    if len(candidates) == 1:
        [holder] = candidates
        return holder
    return _several(len(candidates)) if candidates else _NOBODY_THERE


def _not_this_one(entry: Entry, person: Person | None) -> Wrong | None:
    """Compare whom the line means with who has the id or number: a list that was sorted by one column mixes them."""
    given = entry.given
    column = "person_id" if given.get("person_id") else "person_number"
    if person is None:
        return column, unknown_one("person", "person", "人员")
    if given.get("person_name") not in {None, person.name}:
        return "person_name", _OTHER_NAME
    return None


def _told(entry: Entry) -> KeepCertificate:
    given = entry.given
    names = ("person_id", "kind", "number", "issuer", "valid_from")
    optional = {"scope": given.get("scope", ""), "issued_on": given.get("issued_on"), "valid_to": given.get("valid_to")}
    return KeepCertificate.model_construct(**{name: given[name] for name in names}, **optional)


def _several(many: int) -> Fault:
    return Fault(
        "holder-unclear",
        f"{many} people of this name act for this organisation.",
        f"该单位有 {many} 名同名人员。",
        "Fill in the person's id from an export of people, or the number by which the person was imported.",
        "请填写人员导出文件中的登记编号，或导入人员时所用的人员编号。",
    )


_NOBODY_THERE = Fault(
    "holder-not-found",
    "Nobody of this name acts for this organisation.",
    "该单位没有此姓名的任职人员。",
    "Correct the name or the organisation, or import the person and the office first (`people`, `memberships`).",
    "请更正姓名或单位，或先导入该人员及其任职（people、memberships）。",
)
_UNKNOWN_PARTY = Fault(
    "unknown-party",
    "No organisation in the register has this name or credit code.",
    "登记中没有此名称或信用代码的单位。",
    "Write its full name as in an export of parties or enterprises, or import it first.",
    "请按单位或企业导出文件填写全称，或先导入该单位。",
)
_OTHER_NAME = Fault(
    "holder-has-another-name",
    "The person with this id or number has another name.",
    "该编号对应的人员姓名与此不同。",
    "Check the id and the name; the lines may have been mixed up by sorting one column alone.",
    "请核对编号和姓名；可能因单列排序造成错行。",
)
_OF_ANOTHER = Fault(
    "certificate-of-another",
    "Another person's certificate of this kind has this number.",
    "他人的同类证件已使用此证号。",
    "Correct the number or the holder; a certificate does not pass to another person.",
    "请更正证号或持证人；证件不能转给他人。",
)
_MEND = ("Correct the cell after the certificate itself.", "请对照证件原件更正。")
