"""Reports of people: filed once, however often a phone retries, and added to by whoever made them."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from services.volunteer import queries
from services.volunteer.domain import CHANNELS, mask, normal_code
from services.volunteer.models import Evidence, Report
from services.volunteer.shapes import MAX_PICTURES_IN_ALL, MAX_WORDS, AddToReport, SubmitReport, SubmittedView
from services.volunteer.vault import KEY_VERSION, Vault
from shared.auth import Actor
from shared.contracts.values import Channel, EvidenceRef, Place
from shared.contracts.volunteer import EvidenceAdded, ReportSubmitted
from shared.errors import BadInput, Conflict, Forbidden, no_such
from shared.group import Group
from shared.outbox import emit, outbox_row
from shared.raw import Raw

_REFS = TypeAdapter(list[EvidenceRef])
_PICTURES = "select id, sha256, media_type from evidence where id = any($1) and kept_by = $2"
SUBMIT = """
with given as (
    select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
                         $8::uuid[], $9::text[], $10::text[], $11::jsonb[], $12::bool[], $13::text[],
                         $14::timestamptz[], $15::bytea[], $16::int[], $17::uuid[], $18::text[], $19::text[],
                         $20::text[], $21::jsonb[], $22::bytea[], $23::bool[])
    as t (id, area_code, reporter_ref, owner_key, tracking_hash, channel, place, enterprise_id, category, what,
          evidence, imminent_danger, suspected_grade, submitted_at, sealed, key_version, event_id, aggregate_type,
          subject, type, headers, data, fatalities)
), report as (
    insert into reports (id, version, area_code, reporter_ref, owner_key, tracking_hash, channel, place, enterprise_id,
                         category, what, evidence, imminent_danger, suspected_grade, submitted_at, fatalities, state)
    select id, 1, area_code, reporter_ref, owner_key, tracking_hash, channel, place, enterprise_id, category, what,
           evidence, imminent_danger, suspected_grade, submitted_at, fatalities, 'submitted' from given
    on conflict (id) do nothing returning id
), vault as (
    insert into identities (reporter_ref, sealed, key_version)
    select reporter_ref, sealed, key_version from given join report using (id)
)
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
select event_id, aggregate_type, id, 1, subject, type, headers, data, submitted_at from given join report using (id)
returning aggregate_id as key
"""
"""Reports, their sealed identities and their events, one array per column: durable together or not at all."""


async def submit(
    pool: Raw, filing: Group, vault: Vault, who: Actor, report_id: UUID, ask: SubmitReport, now: datetime
) -> SubmittedView:
    """File a report once, however often the phone retries.

    The hottest write of the platform, so it is `filing` (of `SUBMIT`) together with whoever reports at the same
    moment, and its own transaction. The answer carries the code by which an anonymous reporter finds it again.
    Raises `Forbidden` when the id is another person's, `Conflict` when it already holds other words.
    """
    owner_key = vault.owner_key(who) or None
    code = vault.tracking_code(report_id, ask.secret) if who.anonymous else None
    tracking_hash = vault.tracking_hash(code) if code else None
    shown = await _pictures(pool, ask.evidence, owner_key or "")
    event = ReportSubmitted(
        at=now,
        area_code=ask.place.area_code,
        claim_id=report_id,
        channel=_channel(who),
        reporter_ref=uuid4(),
        place=ask.place,
        enterprise_id=ask.enterprise_id,
        category=ask.category,
        what=mask(ask.what),
        evidence=tuple(shown),
        imminent_danger=ask.imminent_danger,
        suspected_grade=ask.suspected_grade,
        fatalities=ask.fatalities,
    )
    row = outbox_row(uuid4(), report_id, 1, event)
    identity = {"person": str(who.id), "role": who.role, "contact": ask.contact or "", "words": ask.what}
    columns = (
        report_id,
        event.area_code,
        event.reporter_ref,
        owner_key,
        tracking_hash,
        event.channel,
        ask.place.model_dump_json(),
        event.enterprise_id,
        event.category,
        event.what,
        _REFS.dump_json(shown).decode(),
        event.imminent_danger,
        event.suspected_grade,
        now,
        vault.seal(event.reporter_ref, identity),
        KEY_VERSION,
        row["event_id"],
        row["aggregate_type"],
        row["subject"],
        row["type"],
        json.dumps(row["headers"]),
        row["data"],
        event.fatalities,
    )
    if not await filing.write(pool, report_id, columns):
        return await _known(pool, event, owner_key, tracking_hash, code)
    return SubmittedView(
        id=report_id,
        state="submitted",
        category=event.category,
        what=event.what,
        place=event.place,
        enterprise_id=event.enterprise_id,
        evidence=shown,
        imminent_danger=event.imminent_danger,
        fatalities=event.fatalities,
        submitted_at=now,
        answer=None,
        tracking_code=code,
    )


async def add(tx: AsyncSession, vault: Vault, who: Actor, report_id: UUID, ask: AddToReport, now: datetime) -> Report:
    """Add words or pictures to the own report; the docket hears the whole claim again."""
    report = await tx.get(Report, report_id, with_for_update=True)
    if report is None or not owns(vault, report, who, ask.tracking_code):
        raise no_such("report", "报告")
    if ask.what is None and not ask.evidence and not ask.fatalities:
        raise BadInput("nothing-to-add", "Write something or add a picture.", "请补充文字或照片。")
    known = {picture["id"] for picture in report.evidence}
    more = [each for each in await pictures(tx, vault, who, ask.evidence) if each["id"] not in known]
    if ask.what is not None:
        report.what = f"{report.what}\n{mask(ask.what)}"
    report.evidence = [*report.evidence, *more]
    if len(report.what) > MAX_WORDS or len(report.evidence) > MAX_PICTURES_IN_ALL:
        raise BadInput(
            "report-full",
            f"A report holds {MAX_WORDS} characters and {MAX_PICTURES_IN_ALL} pictures. Send the rest as another one.",
            f"一份报告最多容纳{MAX_WORDS}字、{MAX_PICTURES_IN_ALL}张照片，请另行提交。",
        )
    report.fatalities = report.fatalities or ask.fatalities
    await emit(tx, report, EvidenceAdded(at=now, area_code=report.area_code, **_claim(report)))
    return report


def _channel(who: Actor) -> Channel:
    channel = CHANNELS.get(who.role)
    if channel is None:
        raise Forbidden(
            "reports-are-for-people",
            "Organisations report through their own channel: officers and partners through the docket, agencies by "
            "audit, enterprises by self-check.",
            "单位请通过各自渠道报告：执法人员和协作单位通过案件登记，机构通过检查结果，企业通过自查。",
        )
    return channel


async def _pictures(pool: Raw, ids: tuple[UUID, ...], owner_key: str) -> list[EvidenceRef]:
    if not ids:
        return []
    rows = {row["id"]: row for row in await pool.fetch(_PICTURES, list(ids), owner_key)}
    return [
        EvidenceRef(id=i, owner="volunteer", sha256=rows[i]["sha256"], media_type=rows[i]["media_type"])
        for i in _all_found(ids, rows)
    ]


async def pictures(tx: AsyncSession, vault: Vault, who: Actor, ids: tuple[UUID, ...]) -> list[dict[str, Any]]:
    """Give the references of pictures that this person handed in; raises 422 that names those that are missing."""
    rows = await queries.evidence_rows(tx, ids, vault.owner_key(who))
    return [_ref(rows[each]).model_dump(mode="json") for each in _all_found(ids, rows)]


def _all_found(ids: tuple[UUID, ...], rows: dict[UUID, Any]) -> tuple[UUID, ...]:
    missing = [str(i) for i in ids if i not in rows]
    if missing:
        raise BadInput("unknown-evidence", "A picture has not been uploaded yet.", "有照片尚未上传。", missing=missing)
    return ids


def _ref(row: Evidence) -> EvidenceRef:
    return EvidenceRef(id=row.id, owner="volunteer", sha256=row.sha256, media_type=row.media_type)


def _claim(report: Report) -> dict[str, Any]:
    """Give what the docket may know: never an identity."""
    return {
        "claim_id": report.id,
        "channel": report.channel,
        "reporter_ref": report.reporter_ref,
        "place": Place.model_validate(report.place),
        "enterprise_id": report.enterprise_id,
        "category": report.category,
        "what": report.what,
        "evidence": _REFS.validate_python(report.evidence),
        "imminent_danger": report.imminent_danger,
        "suspected_grade": report.suspected_grade,
        "fatalities": report.fatalities,
    }


async def _known(
    pool: Raw, claim: ReportSubmitted, owner_key: str | None, tracking_hash: str | None, code: str | None
) -> SubmittedView:
    """Show the report that already has this id, if the same person sent the same thing."""
    row = await pool.fetchrow("select * from reports where id = $1", claim.claim_id)
    assert row is not None, "reports are never deleted"
    if row["owner_key"] != owner_key or (owner_key is None and row["tracking_hash"] != tracking_hash):
        raise Forbidden("not-your-report", "That report belongs to someone else.", "该报告属于其他人。")
    if not row["what"].startswith(claim.what) or row["category"] != claim.category:
        raise Conflict(
            "report-id-taken",
            "You already sent another report under this id. Send this one under a new id.",
            "该编号已用于另一份报告，请使用新的编号提交。",
        )
    return SubmittedView.model_validate(
        {**row, "place": json.loads(row["place"]), "evidence": json.loads(row["evidence"]), "tracking_code": code}
    )


def owns(vault: Vault, report: Report, who: Actor, tracking_code: str | None) -> bool:
    """Tell whether this is who reported: by the account, or by the code of a report without a name."""
    if report.owner_key is not None:
        return report.owner_key == vault.owner_key(who)
    return tracking_code is not None and report.tracking_hash == vault.tracking_hash(normal_code(tracking_code))
