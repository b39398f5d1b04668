"""The statements by which a relay reads and moves facts; apart, so that the code that uses them can be read."""

SCAN = """
select o.*, extract(epoch from now() - o.occurred_at)::float8 as age_s
from outbox o
where o.aggregate_id <> all($1::uuid[]) and o.id <> all($2::bigint[])
  and not exists (
    select from dead_letter d
    where d.consumer = 'relay' and d.aggregate_id = o.aggregate_id and d.state = 'open'
  )
order by o.id limit $3
"""
MOVE = """
with s as (select * from unnest($1::bigint[], $2::bigint[]) as t(id, js_seq)),
     d as (delete from outbox o using s where o.id = s.id returning o.*, s.js_seq)
insert into outbox_sent (id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data,
                         occurred_at, js_stream, js_epoch, js_seq)
select id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at,
       $3, $4, js_seq
from d
"""
BURY = """
insert into dead_letter (consumer, event_id, aggregate, aggregate_id, version, type, subject, headers, data,
                         num_delivered, tries, error_class, error)
select 'relay', event_id, split_part(subject, '.', 3) || '.' || aggregate_type, aggregate_id, version, type, subject,
       headers, data, 0, $2, 'Refused', $3
from outbox where id = $1
on conflict (consumer, event_id) do update set state = 'open', tries = dead_letter.tries + excluded.tries,
    error = excluded.error, died_at = now()
"""
OF_AGGREGATE = """
select o.* from outbox_sent o
where o.aggregate_id = $1 and o.aggregate_type = $2 and o.version between $3 and $4 order by o.id limit $5
"""
MEET = """
insert into stream_epoch (js_stream, js_epoch, refilled_to, refill_until)
select $1, $2, 0, coalesce(max(id), 0) from outbox_sent
where js_stream = $1 and js_epoch <> $2 and sent_at > now() - make_interval(days => $3)
on conflict do nothing
"""
REFILL = "select refilled_to, refill_until from stream_epoch where js_stream = $1 and js_epoch = $2"
REFILLED = "update stream_epoch set refilled_to = $3 where js_stream = $1 and js_epoch = $2"
OLDER = """
select o.* from outbox_sent o
where o.js_stream = $1 and o.js_epoch <> $2 and o.id > $3 and o.id <= $4
  and o.sent_at > now() - make_interval(days => $5)
order by o.id limit $6
"""
TAIL = """
select min(id) as first_id, min(js_seq) as first_seq, max(js_seq) as last_seq from (
    select id, js_seq from outbox_sent where js_stream = $1 and js_epoch = $2 order by id desc limit $3
) as newest
"""
THERE = """
drop table if exists pg_temp.there;
create temp table there (event_id uuid, seq bigint);
create index on there (event_id)
"""
FOUND = "insert into there select * from unnest($1::uuid[], $2::bigint[])"
LACKING = """
select o.* from outbox_sent o
join stream_epoch e on e.js_stream = $1 and e.js_epoch = $2
where o.js_stream = $1 and o.id >= $3 and o.sent_at > now() - make_interval(days => $6) and o.sent_at < $7
  and (o.js_epoch = $2 and o.js_seq >= $4 or o.js_epoch <> $2 and o.id <= e.refilled_to)
  and not exists (select from there where there.event_id = o.event_id)
order by o.id limit $5
"""
UNKNOWN = """
select event_id, seq from there
where not exists (select from outbox_sent o where o.event_id = there.event_id)
  and not exists (select from outbox o where o.event_id = there.event_id)
order by seq limit $1
"""
PLACED = """
update outbox_sent o set js_stream = $1, js_epoch = $2, js_seq = p.js_seq
from unnest($3::bigint[], $4::bigint[]) as p(id, js_seq) where o.id = p.id
"""
AUDITED = """
update stream_epoch set audited_at = now(), audited_whole = $3, audited_there = $4, audited_lacking = $5,
    audited_unknown = $6
where js_stream = $1 and js_epoch = $2
"""
RESTORED = "select exists (select from dead_letter where consumer = 'restored')"
DAYS = """
select c.relname as name from pg_inherits i
join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'outbox_sent'::regclass
"""
PRUNE = """
delete from inbox where ctid = any(array(
    select ctid from inbox where at < now() - make_interval(days => $1) limit $2
))
"""
