"""A served county in which things have happened; without it a fuzzer would only ever meet 404 and an empty list."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO
from itertools import chain
from uuid import UUID, uuid4

import campaign_stages as campaigns
import committee_stages as committees
import hazard_stages as stages
import inspection_county as county
import letter_stages as letters
import schemathesis
import uvicorn
import visit_stages as visits
from fastapi import FastAPI
from hypothesis import strategies as st
from PIL import Image

from shared.auth import Actor
from shared.contracts.values import Category, Role
from shared.testing import Platform

OPERATOR = county.actor(Role.OPERATOR)
_NAMED = (OPERATOR, county.desk, county.li, county.committee, county.principal, county.agency, county.volunteer)
_PARTIES = {"authority": county.EMERGENCY, "enterprise": county.MILL, "committee": county.COMMITTEE}
PEOPLE: list[Actor | None] = [
    *_NAMED,
    *(
        county.actor(role, party=_PARTIES.get(role.partition(".")[0], county.PARTNER))
        for role in Role
        if role not in {each.role for each in _NAMED}
    ),
    None,
]
"""Somebody in every role, those first who may most; and nobody in particular."""
STRANGER = UUID("0e6f0000-0000-4000-8000-000000000000")
PARTIES_AND_PEOPLE = [
    *(county.EMERGENCY, county.FIRE, county.COMMITTEE, county.MILL, county.AGENCY, county.LI, county.WANG),
    *(county.CRITERION, UUID(county.PICTURE["id"]), STRANGER),
]
UNDER_WAY: dict[str, list[str]] = defaultdict(list)
"""Name of a parameter → the hazards, entries of the docket, visits, letters, meetings … as they stand in this run."""
USCCS = ("91110108551385082Q", "91110000600037341L", "990101X000001")


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3), "orange").save(out, "PNG")
    return out.getvalue()


def _id(at: int) -> str:
    known = [*map(str, PARTIES_AND_PEOPLE), *chain.from_iterable(UNDER_WAY.values())]
    return known[at % len(known)]


# What is well-formed alone is refused at once; what means something here gets further.
schemathesis.openapi.format("uuid", st.integers(0, 10_000).map(_id))
schemathesis.openapi.format("area-code", st.sampled_from([county.COUNTY, county.TOWN, f"{county.TOWN}001", "110101"]))
schemathesis.openapi.format("grid-code", st.sampled_from([f"{county.TOWN}000001", f"{county.TOWN}001002"]))
schemathesis.openapi.format("uscc", st.sampled_from(USCCS))
schemathesis.openapi.media_type("image/png", st.just(picture()) | st.binary(max_size=64))


@asynccontextmanager
async def served(app: FastAPI) -> AsyncGenerator[str]:
    """Serve an application in this loop, where its database connections live, to clients in other threads."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    serving = asyncio.create_task(server.main_loop())
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        await server.shutdown()


async def furnish(platform: Platform) -> None:
    """Let every service know the county, keep a picture in each, and have cases under way where there are any."""
    UNDER_WAY.clear()
    if "registry" in platform.apps:
        await _register(platform)
    if "inspection" in platform.apps:
        hazard = await stages.recheck_requested(platform)
        await county.settle(platform, county.report(), county.report("Fire door blocked", category=Category.FIRE))
        entries = await county.get(platform, county.desk, "/docket")
        UNDER_WAY["hazard_id"].append(hazard.rpartition("/")[2])
        UNDER_WAY["entry_id"].extend(entry["id"] for entry in entries["items"])
        UNDER_WAY["visit_id"].append((await visits.planned(platform, on=str(county.TODAY)))["id"])
        UNDER_WAY["visit_id"].append((await visits.under_way(platform)).removeprefix("/visits/"))
        UNDER_WAY["meeting_id"] += [
            (await committees.convened(platform))["id"],
            await committees.minuted_today(platform),
        ]
        UNDER_WAY["task_id"].append((await committees.assigned(platform, UNDER_WAY["meeting_id"][-1]))["id"])
        action, [part] = await committees.joined(platform, committees.EMERGENCYS)
        UNDER_WAY["action_id"].append(action.rpartition("/")[2])
        UNDER_WAY["joint_part_id"].append(part.rpartition("/")[2])
        UNDER_WAY["assessment_id"].append(await committees.assessment_proposed(platform))
        UNDER_WAY["letter_id"].append((await letters.sent(platform, addressee_id=str(county.MILL)))["id"])
        await _campaigns(platform, hazard.rpartition("/")[2])
    else:
        await platform.announce(*county.registry_facts())
    for owner, sender in (
        ("volunteer", county.volunteer),
        ("registry", county.principal),
        ("thirdparty", county.agency),
    ):
        if owner in platform.apps:
            async with platform.client(owner, sender) as http:
                kept = await http.put(f"/evidence/{owner}/{county.PICTURE['id']}", content=picture())
                assert kept.status_code == 201, kept.text
    await platform.settle()


async def _campaigns(platform: Platform, hazard_id: str) -> None:
    """Have a campaign drawn, a policy looked back on, and a file handed to the police."""
    await campaigns.watchdogs(platform)
    await campaigns.closed_hazards(platform, 2)
    looks = await campaigns.drawn(platform, photos_wanted=True)
    measure = {"document": "Circular", "measure": "Train everybody.", "owner_id": str(county.EMERGENCY)}
    policy = await campaigns.opened(platform, kind="policy", closures=None, measures=[measure])
    UNDER_WAY["campaign_id"].extend([looks.rpartition("/")[2], policy["id"]])
    UNDER_WAY["item_id"].extend(item["id"] for item in await campaigns.items(platform, looks))
    UNDER_WAY["measure_id"].extend(each["id"] for each in policy["measures"])
    transfer = uuid4()
    sending = {
        "receiver_id": str(campaigns.POLICE),
        "ground": "suspected_crime",
        "subject": "Concealed dust",
        "reason": "On purpose.",
        "basis": "Criminal Law art. 134",
        "hazard_id": hazard_id,
    }
    await county.put(platform, county.head, f"/transfers/{transfer}", **sending)
    UNDER_WAY["transfer_id"].append(str(transfer))


async def _register(platform: Platform) -> None:
    mill = {"uscc": USCCS[0], "name_zh": "面粉厂", "industry_code": "C1310", "employees": 40, "place": county.PLACE}
    async with platform.client("registry", OPERATOR) as operator:
        for address, entries in {
            "/areas": [{"code": code, "name_zh": "区划"} for code in (county.COUNTY, county.TOWN)],
            "/parties": [
                {"id": str(county.EMERGENCY), "kind": "authority", "name_zh": "应急", "area_code": county.COUNTY}
            ],
            "/people": [{"id": str(county.LI), "name": "Li", "area_code": county.COUNTY}],
            "/enterprises": [{"id": str(county.MILL), **mill}],
        }.items():
            answer = await operator.put(address, json=entries)
            assert answer.status_code == 200, answer.text
