"""Every address that names one object says which version of it is seen and acted on, or why there is none to say."""

from collections.abc import Iterator
from typing import Any

import pytest
from permission_addresses import anywhere, body_of
from permission_nouns import NOUNS
from permission_world import ROLES, asking, plant

from services.cli.docs import described
from shared.permission import Address, addresses
from shared.testing import OpenPlatform
from shared.versions import READS

UNVERSIONED = {
    "/operator/": "A letter is settled once, and what is settled refuses the second.",
    "/evidence/": "A file never changes, nor what was declared of it.",
    "/templates/": "Made anew whenever it is asked for.",
    "/exports/": "Made anew whenever it is asked for.",
    "/deadlines/": "Nobody changes a clock at its own address, only what it is about.",
    "/verify/": "Says whether a document is genuine; nothing can be changed there.",
    "/imports/": "A job and no aggregate: its states refuse what comes too late.",
    "/self-checks/": "Handed in once, under an id of the sender's; never changed.",
    "/docket/claims/": "Made once; never changed.",
    "/docket/{entry_id}/hold": "Says who is looking, and changes nothing of what is looked at.",
    "/views/": "A person's own filters, said whole each time.",
    "/hazards/{hazard_id}/hold": "Says who is looking, and changes nothing of what is looked at.",
    "/reports/": "Made once; whoever adds to it overwrites nothing.",
    "/enterprises/{enterprise_id}/fund/": "Entries are never changed, and a year's plan is said whole.",
    "/inbox/": "Read is read, however often it is said.",
    "/api/v1/accounts/": "Secrets are written and never shown, so nobody acts on an old view of them.",
    "/api/v1/clients/": "Secrets are written and never shown, so nobody acts on an old view of them.",
    "/api/v1/operator/": "A letter is settled once, and what is settled refuses the second.",
}
"""Beginning of the address → why nothing there has a tag."""


def of_one(app: Any) -> Iterator[tuple[Address, bool]]:
    """Give every address of one object, and whether it is described as versioned; lists below an object are none."""
    paths = app.openapi()["paths"]
    for address in addresses(app):
        reads = address.method in READS
        if "{" not in address.path or (reads and not address.path.endswith("}")):
            continue
        told = paths[address.path][address.method.lower()].get("parameters", ())
        yield address, ("If-None-Match" if reads else "If-Match") in {each["name"] for each in told}


def test_what_names_one_object_is_versioned_or_says_why_not() -> None:
    every = [each for part in described() for each in of_one(part.app)]
    unversioned = {each.path for each, versioned in every if not versioned}
    versioned = {each.path for each, versioned in every if versioned}
    for path in unversioned:
        assert any(_is_below(path, beginning) for beginning in UNVERSIONED), f"{path} has no version and no reason"
    for beginning in UNVERSIONED:
        assert any(_is_below(path, beginning) for path in unversioned), f"{beginning} is a reason for nothing"
        assert not any(_is_below(path, beginning) for path in versioned), f"{beginning} has a version after all"


def _is_below(path: str, beginning: str) -> bool:
    return f"{path}/".startswith(f"{beginning.removesuffix('/')}/")


@pytest.mark.parametrize(
    ("service", "reads", "writes"), [("registry", 9, 13), ("thirdparty", 2, 0), ("inspection", 2, 1), ("notify", 1, 1)]
)
async def test_whoever_read_it_is_not_sent_it_again_and_whoever_acts_on_an_old_view_is_told(
    services_here: OpenPlatform, service: str, reads: int, writes: int
) -> None:
    """`reads` and `writes`: at how many addresses the smallest body, sent by anybody, does it at least."""
    read: set[str] = set()
    refused: set[str] = set()
    async with services_here(service) as platform:
        known = platform.apps[service].openapi()
        versioned = sorted((each for each, said in of_one(platform.apps[service]) if said), key=_last)
        for role in ROLES:
            await plant(platform, service, NOUNS[service])
            async with platform.client(service, asking(role)) as http:
                for address in versioned:
                    path = anywhere(address.path, service)
                    if address.method in READS:
                        first = await http.get(path)
                        if first.is_success:
                            again = await http.get(path, headers={"if-none-match": first.headers["etag"]})
                            assert (again.status_code, again.content) == (304, b""), address
                            read.add(address.path)
                        continue
                    body = body_of(known, address)
                    late = await http.request(address.method, path, json=body, headers={"if-match": '"99"'})
                    now = await http.request(address.method, path, json=body)
                    assert not late.is_success, (address, late.text)
                    if now.is_success:
                        assert late.status_code == 412, (address, late.text)
                        refused.add(address.path)
    assert len(read) >= reads, read
    assert len(refused) >= writes, refused


def _last(address: Address) -> bool:
    return address.method == "DELETE" or address.path.endswith("/retirement")
