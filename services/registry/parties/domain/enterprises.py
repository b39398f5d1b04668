"""What is wrong with an enterprise as it is to be registered; requests and imports both ask here, so both say the same.

What the rules must know of the register is given to them (`Known`), so that they stay pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from services.registry.areas.domain import Level, level_of
from services.registry.domain import Fault
from services.registry.parties.domain.codes import code_fault, division_of, is_temporary
from services.registry.parties.domain.industry import is_industry
from shared.contracts.enterprises import Site
from shared.contracts.values import Place


class Stated(Protocol):
    """What the rules look at of an enterprise as it is to be."""

    @property
    def uscc(self) -> str: ...
    @property
    def industry_code(self) -> str: ...
    @property
    def place(self) -> Place: ...
    @property
    def sites(self) -> Sequence[Site]: ...
    @property
    def established_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds already, of all that the list speaks of."""

    areas: Collection[str]
    """The codes among those asked for that name an area in use."""
    holders: Mapping[str, UUID] = field(default_factory=dict[str, UUID])
    """Credit code → the enterprise that holds it."""
    codes: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Enterprise → the code that it holds."""
    sites: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """Site → the enterprise whose it is."""


def faults(asks: Sequence[tuple[UUID, Stated]], known: Known, today: date) -> Iterator[Fault]:
    """Say all that is wrong with a list of enterprises, row by row; a row about which nothing is said can be kept."""
    listed: dict[UUID, int] = {}
    typed: dict[str, int] = {}
    sites: dict[UUID, int] = {}
    for index, (enterprise_id, ask) in enumerate(asks):
        if listed.setdefault(enterprise_id, index) != index:
            yield _twice(index, "id", listed[enterprise_id], "the same id", "编号相同")
        yield from _code(index, enterprise_id, ask, known)
        if typed.setdefault(ask.uscc, index) != index:
            yield _twice(index, "uscc", typed[ask.uscc], "the same credit code", "统一社会信用代码相同")
        if not is_industry(ask.industry_code):
            yield _industry(index, ask.industry_code)
        if ask.established_on is not None and ask.established_on > today:
            yield Fault(
                index,
                "established_on",
                "not-yet-established",
                f"{ask.established_on} has not come yet.",
                f"成立日期 {ask.established_on} 尚未到来。",
            )
        yield from _place(index, "place.area_code", ask.place.area_code, known.areas)
        for nth, site in enumerate(ask.sites):
            yield from _place(index, f"sites.{nth}.area_code", site.area_code, known.areas)
            if site.id == enterprise_id or known.sites.get(site.id, enterprise_id) != enterprise_id:
                yield _foreign_site(index, nth)
            elif site.id in sites:
                yield _twice(index, f"sites.{nth}.id", sites[site.id], "the same site", "场所编号相同")
            sites[site.id] = index


def _code(index: int, enterprise_id: UUID, ask: Stated, known: Known) -> Iterator[Fault]:
    code = ask.uscc
    if not is_temporary(code):
        if words := code_fault(code):
            yield Fault(index, "uscc", *words)
    elif division_of(code) != ask.place.area_code[:6]:
        yield Fault(
            index,
            "uscc",
            "temporary-code-elsewhere",
            f"The temporary code “{code}” is of another county: write X, the 6 digits of the place's county, a serial.",
            f"临时编号“{code}”与所在县不符，应为 X + 县级区划代码6位 + 顺序号。",
        )
    elif not is_temporary(held := known.codes.get(enterprise_id, code)):
        yield Fault(
            index,
            "uscc",
            "code-goes-back",
            f"This enterprise is registered under “{held}”; it cannot become unregistered again.",
            f"该企业已以“{held}”登记，不能改回临时编号。",
        )
    if known.holders.get(code, enterprise_id) != enterprise_id:
        yield Fault(
            index,
            "uscc",
            "already-exists",
            f"Another enterprise is registered under “{code}”.",
            f"“{code}”已由另一企业登记使用。",
            taken=True,
        )


def _place(index: int, where: str, code: str, areas: Collection[str]) -> Iterator[Fault]:
    """An enterprise stands in a township or village, or nobody on the ground would be near it."""
    if level_of(code) is Level.COUNTY:
        yield Fault(
            index,
            where,
            "place-too-wide",
            "Give the township or village of the enterprise, not only its county.",
            "请填写企业所在的乡镇（街道）或村（社区），不能只到县级。",
        )
    elif code not in areas:
        yield Fault(
            index,
            where,
            "unknown-area",
            f"There is no area {code}; register it first.",
            f"没有编码为 {code} 的区划，请先登记。",
        )


def _industry(index: int, code: str) -> Fault:
    return Fault(
        index,
        "industry_code",
        "unknown-industry",
        f"“{code}” is no industry: a letter A to T, then digits whose first two are a class of that letter (C1310).",
        f"“{code}”不是国民经济行业代码：应为门类字母加该门类的大类两位数字（如 C1310）。",
    )


def _foreign_site(index: int, nth: int) -> Fault:
    return Fault(
        index,
        f"sites.{nth}.id",
        "site-of-another",
        "That site belongs to another enterprise; a new site has a new id.",
        "该场所属于另一企业；新场所须使用新编号。",
    )


def _twice(index: int, where: str, first: int, en: str, zh: str) -> Fault:
    return Fault(
        index,
        where,
        "listed-twice",
        f"Entry {index} has {en} as entry {first} of the list.",
        f"第 {index} 条（从 0 起）与第 {first} 条{zh}。",
    )
