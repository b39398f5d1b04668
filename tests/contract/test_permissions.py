"""Every cell of the table of permissions, asked at the API: role × address × whose object it is."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest
from permission_addresses import anywhere, body_of
from permission_nouns import EXPORTS, LISTS, NEW, NOUNS
from permission_world import REACHED, ROLES, Whose, asking, plant

from services.cli.docs import described
from shared.auth import ANYONE as NOBODY
from shared.contracts.permissions import ANYONE, PERMISSIONS, SIGNED_IN, Scope, exactly
from shared.contracts.permissions.names import NAMES
from shared.contracts.values import Role
from shared.machine import MACHINES
from shared.permission import Address, addresses
from shared.settings import ROOT
from shared.testing import OpenPlatform, Platform

SERVICES = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")
ENDLESS = "/events/stream"
WRONG_ROLE = "urn:commonwatch:problem:role-may-not"
BY_MACHINE = {
    "hazard": "hazard.read",
    "suspension": "hazard.read",
    "extension": "hazard.read",
    "enforcement": "hazard.read",
    "listing": "hazard.read",
    "power": "hazard.read",
    "stay": "hazard.read",
    "part": "part.read",
    "measure": "hazard.read",
    "docket": "docket.read",
    "visit": "visit.read",
    "letter": "letter.read",
    "proposal": "proposal.read",
    "meeting": "meeting.read",
    "committee_task": "committee_task.read",
    "joint_action": "joint_action.read",
    "joint_part": "joint_action.read",
    "assessment": "assessment.read",
    "campaign": "campaign.read",
    "campaign_item": "campaign.read",
    "policy_measure": "campaign.read",
    "transfer": "transfer.read",
    "certificate": "certificate.read",
    "import": "import.read",
    "delegation": "delegation.register",
}
"""Machine → the verb whose scopes say which of its objects a person may know of at all."""


def test_every_address_is_a_verb_of_the_table_or_of_a_machine() -> None:
    asked = {each.verb: each for part in described() for each in addresses(part.app)}
    table = {*PERMISSIONS, *(f"{name}.{verb}" for name, machine in MACHINES.items() for verb, _ in machine)}
    assert None not in asked, f"{asked[None]} names no verb"
    assert {verb for verb in asked if verb} <= table
    code = "".join(path.read_text("utf-8") for path in (ROOT / "services").rglob("*.py"))
    for verb in set(PERMISSIONS) - set(asked):  # what decides how much of an object is shown
        assert f'"{verb}"' in code, f"{verb} is a row that nothing asks for: a promise that nobody keeps"


def test_every_row_can_be_read_in_both_languages() -> None:
    roles = {str(role) for role in Role} | {ANYONE, SIGNED_IN}
    assert set(NAMES) == roles
    for row in PERMISSIONS.values():
        assert row.en
        assert row.zh
        assert row.en.isascii()
        assert not row.zh.isascii()
        assert row.grants
        assert {role.removeprefix("=") for role in row.grants} <= roles


def scopes(verb: str, role: Role | None) -> frozenset[Scope]:
    """Say how far a role reaches by the table alone, or by the machine's own row."""
    machine, _, move = verb.partition(".")
    if verb not in PERMISSIONS:
        roles = MACHINES[machine].moves[move].roles
        allowed = role is not None and any(role == one or role.startswith(f"{one}.") for one in roles)
        return scopes(BY_MACHINE[machine], role) if allowed else frozenset()
    held = {ANYONE}
    if role is not None:
        held |= {SIGNED_IN, role, role.partition(".")[0], exactly(role)}
    return PERMISSIONS[verb].scopes(held)


@pytest.mark.parametrize("service", SERVICES)
async def test_whoever_may_never_do_it_is_refused_before_anything_is_looked_at(
    services_here: OpenPlatform, service: str
) -> None:
    cells: Counter[bool] = Counter()
    async with services_here(service) as platform:
        for role in ROLES:
            async with platform.client(service, asking(role)) as http:
                for address in addresses(platform.apps[service]):
                    assert address.verb is not None
                    may = bool(scopes(address.verb, role))
                    if may and address.path.endswith(ENDLESS):
                        continue
                    answer = await http.request(address.method, anywhere(address.path), json={})
                    told = (role, address, answer.status_code, answer.text)
                    refused = answer.status_code == 401 or _slug(answer) == WRONG_ROLE
                    assert refused is not may, told
                    if not may:
                        assert answer.status_code == (401 if role is None else 403), told
                    cells[may] += 1
    assert cells[True]
    assert cells[False]


@pytest.mark.parametrize("service", [name for name in SERVICES if NOUNS[name]])
async def test_only_what_the_table_reaches_is_found(services_here: OpenPlatform, service: str) -> None:
    cells: Counter[bool] = Counter()
    async with services_here(service) as platform:
        known = platform.apps[service].openapi()
        for role in ROLES:
            await plant(platform, service, NOUNS[service])
            async with platform.client(service, asking(role)) as http:
                for address in _of_objects(platform, service):
                    assert address.verb is not None
                    reach = scopes(address.verb, role)
                    for whose in Whose if reach else ():
                        path = anywhere(address.path, service, whose)
                        answer = await http.request(address.method, path, json=body_of(known, address))
                        reached = bool(reach & REACHED[whose] - ({Scope.OWN} if role is None else set()))
                        told = (role, address.method, path, whose, answer.status_code, answer.text)
                        if reached:
                            assert answer.status_code < 500, told
                            assert answer.status_code not in {401, 404}, told
                            assert _slug(answer) != WRONG_ROLE, told
                        else:
                            assert answer.status_code in {403, 404}, told
                        cells[reached] += 1
    assert cells[True]
    assert cells[False]


@pytest.mark.parametrize("service", [name for name in SERVICES if NOUNS[name]])
async def test_lists_show_what_the_table_reaches_and_neither_count_nor_mark_the_rest(
    services_here: OpenPlatform, service: str
) -> None:
    async with services_here(service) as platform:
        await plant(platform, service, NOUNS[service])
        for address in addresses(platform.apps[service]):
            noun = LISTS.get(address.path)
            if noun is None or address.method != "GET":
                continue
            assert address.verb is not None
            for role in ROLES:
                reach = scopes(address.verb, role)
                if not reach:
                    continue
                expected = {str(NOUNS[service][noun].id_of(each)) for each in Whose if reach & REACHED[each]}
                async with platform.client(service, asking(role)) as http:
                    answer = await http.get(address.path)
                    told = (role, address.path, answer.status_code, answer.text)
                    assert answer.status_code == 200, told
                    page = answer.json()
                    items = page if isinstance(page, list) else page["items"]
                    assert {item["id"] for item in items} == expected, told
                    assert not isinstance(page, dict) or page.get("next") is None, told
                    if expected:
                        one = await http.get(address.path, params={"limit": 1})
                        assert len(_items(one)) <= 1 or isinstance(one.json(), list), told


async def test_a_file_holds_the_rows_that_its_list_shows(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await plant(platform, "registry", NOUNS["registry"])
        for role, (name, (noun, verb)) in product(ROLES, EXPORTS.items()):
            reach = scopes(verb, role)
            expected = [NOUNS["registry"][noun].id_of(each) for each in Whose if reach & REACHED[each]]
            for form in ("csv", "xlsx"):
                async with platform.client("registry", asking(role)) as http:
                    answer = await http.get(f"/exports/{name}", params={"format": form})
                told = (role, name, answer.status_code, answer.text)
                if role is None or not reach:
                    assert answer.status_code == (401 if role is None else 403), told
                elif form == "csv":
                    assert len(answer.text.strip().splitlines()) == 1 + len(expected), told
                else:
                    assert answer.content.startswith(b"PK"), told
        async with platform.client("registry", asking(Role.OPERATOR)) as http:
            for name in ("competence", "criteria", "bases", "risks"):
                assert (await http.get(f"/exports/{name}", params={"format": "csv"})).status_code == 200, name


def _items(answer: httpx.Response) -> list[Any]:
    page = answer.json()
    return page if isinstance(page, list) else page["items"]


def _of_objects(platform: Platform, service: str) -> Iterator[Address]:
    """Give the addresses at which some objects are reached and some are not; those that end something come last."""
    for address in sorted(addresses(platform.apps[service]), key=_ends_something):
        named = [part[1:-1] for part in address.path.split("/") if part.startswith("{")]
        assert address.verb is not None
        reaches = frozenset[Scope]().union(*(scopes(address.verb, role) for role in ROLES))
        if named and reaches != {Scope.ANY} and f"{address.method} {address.path}" not in NEW:
            assert set(named) & set(NOUNS[service]), f"the world has no object for {address}"
            yield address


def _ends_something(address: Address) -> bool:
    return address.method == "DELETE" or address.path.endswith("/retirement")


def _slug(answer: httpx.Response) -> str | None:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        return answer.json()["type"]
    return None


assert NOBODY.anonymous
