"""The statements by which a consumer claims events; apart, so that the code that uses them can be read."""

from sqlalchemy import text

EXPECTED = """
with given as (
    select * from unnest($2::text[], $3::uuid[], $4::int[], $5::uuid[]) as g(aggregate, id, version, event_id)
), first as (
    insert into seen (consumer, aggregate, aggregate_id, version)
    select $1, aggregate, id, 1 from given where version = 1 order by aggregate, id
    on conflict do nothing returning aggregate, aggregate_id as id
), later as (
    update seen set version = g.version from given g
    where seen.consumer = $1 and seen.aggregate = g.aggregate and seen.aggregate_id = g.id
      and g.version > 1 and seen.version = g.version - 1
    returning g.event_id
)
insert into inbox (consumer, event_id)
select $1, event_id from given join first using (aggregate, id)
union all select $1, event_id from later
on conflict do nothing returning event_id
"""
"""What nearly always holds (each message is the next version of its aggregate), found and claimed in one statement."""

LOCK_SEEN = text("""
insert into seen (consumer, aggregate, aggregate_id, version)
select :consumer, k.aggregate, k.id, 0
from unnest(cast(:aggregates as text[]), cast(:ids as uuid[])) as k(aggregate, id) order by 2, 3
on conflict (consumer, aggregate, aggregate_id) do update set version = seen.version
returning aggregate, aggregate_id, version
""")
CLAIM = text("""
insert into inbox (consumer, event_id) select :consumer, e from unnest(cast(:events as uuid[])) as e
on conflict do nothing returning event_id
""")
MARK_SEEN = text("""
update seen set version = s.version
from unnest(cast(:aggregates as text[]), cast(:ids as uuid[]), cast(:versions as int[])) as s(aggregate, id, version)
where seen.consumer = :consumer and seen.aggregate = s.aggregate and seen.aggregate_id = s.id
""")
SEEN = text("""
select version from seen where consumer = :consumer and aggregate = :aggregate and aggregate_id = :id
""")
PASS = text("""
insert into seen (consumer, aggregate, aggregate_id, version) values (:consumer, :aggregate, :id, :version)
on conflict (consumer, aggregate, aggregate_id) do update set version = greatest(seen.version, excluded.version)
""")
"""Record versions up to this one as passed over, by an operator's word."""
