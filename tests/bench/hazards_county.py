"""A county's hand-out of hazards, scaled up; without it lists would be tried on rows that no county ever had.

Shaped like Neihuang's (domain reference §4.2): of 1805 hazards there are 111 enterprises in 17 townships and a
cluster zone; four in a hundred are open, most of these young. Hazards are copied in; what follows from a hazard (its
claims, clocks, orders, items, re-checks, history) is derived from it in the database, so that it cannot contradict it.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from json import dumps
from random import Random
from typing import Any
from uuid import UUID

from hazards_rows import AUTHORITIES, COLUMNS, COUNTY, NOW, OFFICERS, WHERE, Handout, Rows, officer

from services.registry.parties.domain.industry import industries
from shared.raw import RawConnection, connect

COMMITTEE = UUID(int=0xC000)
NAMES = ("应急", "消防", "住建", "市监", "交通", "工信", "教育", "商务", "农业农村", "自然资源", "文旅", "卫健")
PICTURES, HAPPENINGS = 20, 60
"""Of those hazards whose page is full: pictures, and lines of history."""
FULL = "serial % 500 = 7"
"""Which those are."""
FILLED = ("hazards", "hazard_claims", "orders", "hazard_items", "rechecks", "deadlines", "history")
CONNECTIONS = 2


async def hand_out(url: str, handout: Handout) -> None:
    """Fill the empty tables of inspection; `url` is a superuser's, for whom rows are not compared while they come.

    Keys and indexes are made afterwards, as a restore does.
    """
    async with AsyncExitStack() as stack:
        connections = [await _connected(stack, url) for _ in range(CONNECTIONS)]
        first = connections[0]
        again = await _laid_bare(first)
        draw = Random(1805)
        rows = Rows(handout, draw)
        await _people(first)
        columns = ("id", "area_code", "uscc", "name_en", "name_zh", "industry_code", "employees", "place")
        enterprises = _enterprises(handout, rows.homes, draw)
        await first.copy_records_to_table("enterprises", records=enterprises, columns=columns)
        await first.copy_records_to_table("hazards", records=rows.all(), columns=COLUMNS)
        await _shared_out(connections, FOLLOWING)
        await _shared_out(connections, again)
        await first.execute("vacuum analyze")


async def _connected(stack: AsyncExitStack, url: str) -> RawConnection:
    connection = await connect(url)
    stack.push_async_callback(connection.close)
    for setting in ("session_replication_role = replica", "synchronous_commit = off", "maintenance_work_mem = '256MB'"):
        await connection.execute(f"set {setting}")
    return connection


async def _shared_out(connections: Sequence[RawConnection], statements: Sequence[str]) -> None:
    """Run the statements, each connection taking the next as it becomes free."""
    waiting = iter(statements)

    async def work(connection: RawConnection) -> None:
        for statement in waiting:
            await connection.execute(statement)

    await asyncio.gather(*(work(connection) for connection in connections))


async def _laid_bare(connection: RawConnection) -> list[str]:
    """Drop the indexes of the tables that are filled, and the keys that no other table names; give what makes them."""
    keys = await connection.fetch(_KEYS, FILLED)
    for row in keys:
        await connection.execute(f"alter table {row['of']} drop constraint {row['name']}")
    indexes = await connection.fetch(_INDEXES, FILLED)
    for row in indexes:
        await connection.execute(f"drop index {row['name']}")
    added = [f"alter table {row['of']} add constraint {row['name']} {row['said']}" for row in keys]
    return [*(row["said"] for row in indexes), *added]


async def _people(connection: RawConnection) -> None:
    parties = [(COMMITTEE, "committee", COUNTY, "Committee", "安委办")]
    parties += [
        (party, "authority", COUNTY, f"Authority {nth}", f"{name}局")
        for nth, (party, name) in enumerate(zip(AUTHORITIES, NAMES, strict=True))
    ]
    await connection.copy_records_to_table(
        "parties", records=parties, columns=("id", "kind", "area_code", "name_en", "name_zh")
    )
    valid_to = (NOW + timedelta(days=400)).date()
    people = [
        (officer(authority, nth), f"{name}执法员{nth}", valid_to)
        for authority, name in enumerate(NAMES)
        for nth in range(OFFICERS)
    ]
    await connection.copy_records_to_table("people", records=people, columns=("id", "name", "certificate_valid_to"))


def _enterprises(handout: Handout, homes: Sequence[str], draw: Random) -> Iterator[tuple[Any, ...]]:
    classes = [f"{code}10" for code in industries() if len(code) == 3]
    for nth, area in enumerate(homes):
        place = dumps({"area_code": area, "address": f"{nth} Mill Lane", "lon": None, "lat": None})
        yield (
            handout.enterprise(nth), area, f"9199052{nth:011}", f"Works {nth}", f"{draw.choice(WHERE)}{nth}有限公司",
            draw.choice(classes), draw.randrange(1, 500), place,
        )  # fmt: skip


_KEYS = """
select conrelid::regclass::text as of, quote_ident(conname) as name, pg_get_constraintdef(oid) as said
from pg_constraint as key
where conrelid::regclass::text = any($1) and contype in ('p', 'u')
    and not exists (select from pg_constraint as other where other.contype = 'f' and other.conindid = key.conindid)
"""
_INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as said
from pg_index where indrelid::regclass::text = any($1) and not indisunique
"""
_ORDERED = "ordered_at is not null"
_DONE = "state in ('closed', 'verified')"
_PICTURE = (
    "jsonb_build_object('id', md5(h.id::text || n)::uuid, 'owner', 'inspection', 'sha256', "
    "repeat(md5(h.id::text || n), 2), 'media_type', 'image/jpeg')"
)
FOLLOWING = (
    f"""
    insert into history (object_kind, object_id, at, who_id, capacity, party_id, verb, state_from, state_to, reason,
                         basis, facts)
    select 'hazard', h.id, registered_at + n * interval '1 hour', coalesce(officer_ids[1], '{COMMITTEE}'),
           'authority.officer', coalesce(lead_authority_id, handling_authority_id),
           case n when 1 then 'register' when 2 then 'confirm' when 3 then 'order' else 'deliver' end,
           'assigned', state, '经核查属实', '', '{{}}'
    from hazards h cross join lateral generate_series(
        1, case when {FULL} then {HAPPENINGS} when {_ORDERED} then 3 else 1 end) n
    """,
    f"""
    insert into hazard_items (id, hazard_id, cycle, ordinal, text, before, after, remark, passed)
    select gen_random_uuid(), h.id, 1, 1, what, p.refs, case when {_DONE} then p.refs else '[]' end, '', {_DONE}
    from hazards h cross join lateral (
        select jsonb_agg({_PICTURE}) as refs from generate_series(1, case when {FULL} then {PICTURES // 2} else 1 end) n
    ) p where {_ORDERED} and ({FULL} or serial % 3 = 0)
    union all
    select gen_random_uuid(), h.id, 1, 1, what, '[]', '[]', '', {_DONE}
    from hazards h where {_ORDERED} and not ({FULL} or serial % 3 = 0)
    """,
    f"""
    insert into orders (id, hazard_id, cycle, number, authority_id, kind, basis, basis_ids, items, "limit", officers,
                        issued_at)
    select gen_random_uuid(), id, 1, '责改' || serial, lead_authority_id, 'rectify_by', '《安全生产法》第65条',
           '[]', jsonb_build_array(what), "limit", to_jsonb(officer_ids), ordered_at
    from hazards where {_ORDERED}
    """,
    f"""
    insert into rechecks (id, hazard_id, cycle, opened_at, opened_by, decided_at, passed, officers, verdicts, opinion,
                          "limit")
    select gen_random_uuid(), id, 1, ordered_at + interval '9 days', officer_ids[1],
           ordered_at + interval '10 days', true, to_jsonb(officer_ids), '[]', '已整改到位', null
    from hazards where {_DONE} and {_ORDERED}
    """,
    """
    insert into hazard_claims (claim_id, hazard_id, service, claimed_at)
    select gen_random_uuid(), id, 'volunteer', claimed_at from hazards
    """,
    f"""
    insert into deadlines (id, object_kind, object_id, area_code, key, owed_by, starts_at, due_at, provisional,
                           explanation_en, explanation_zh, state, ended_at, rung)
    select gen_random_uuid(), 'hazard', id, area_code, c.key, c.owed_by, registered_at, c.due_at, false,
           'By rule of the county.', '依县规定。', c.state, c.ended_at,
           'supervision' -- all of the ladder is behind it: whoever is measured has nothing to fire
    from hazards cross join lateral (
        select next_due_key, next_owed_by, next_due_at, 'open', null::timestamptz where next_due_key is not null
        union all
        select 'hazard.lookback.second', next_owed_by, next_due_at + interval '60 days', 'open', null
        where next_due_key = 'hazard.lookback.first'
        union all
        select 'hazard.limit', enterprise_id, ordered_at + interval '20 days', 'met', ordered_at + interval '9 days'
        where {_DONE} and {_ORDERED}
    ) as c(key, owed_by, due_at, state, ended_at)
    """,
)
"""What follows from the hazards, statement by statement, the longest first."""
