"""Samples of every event that was ever published, kept for ever: what is read today must be readable in ten years.

`make golden` drafts samples for events that have none, and records the schema under which they were first published;
for an event that has samples it drafts another when a field was added that none of them shows. It never touches a file
that exists, and neither should anybody.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from schema_changes import choices, resolved

from shared.catalogue.asyncapi import written
from shared.catalogue.schemas import schema_of
from shared.contracts import base
from shared.contracts.base import Event
from shared.contracts.values import derived_id
from shared.outbox import event_bytes
from shared.settings import ROOT

Json = dict[str, Any]

FOLDER = ROOT / "tests" / "data" / "golden"

for _owner in ("gateway", "inspection", "notify", "registry", "thirdparty", "volunteer"):
    import_module(f"shared.contracts.{_owner}")

EVENTS = {name: event for name, event in base.EVENTS.items() if event.__module__.startswith("shared.contracts.")}
"""What is published; tests have events of their own besides."""


def samples() -> Iterator[tuple[str, Path]]:
    """Give (CloudEvents type, file) of every golden event."""
    for path in sorted(FOLDER.glob("*/v*-*.json")):
        version, _, _ = path.name.partition("-")
        yield f"commonwatch.{path.parent.name}.{version}", path


def recorded() -> Iterator[tuple[str, Path]]:
    """Give (CloudEvents type, file) of the schema of every type as it was first published."""
    for path in sorted(FOLDER.glob("*/v*.schema.json")):
        yield f"commonwatch.{path.parent.name}.{path.name.removesuffix('.schema.json')}", path


def read(path: Path) -> Json:
    loaded: Json = json.loads(path.read_text("utf-8"))
    return loaded


PLACE = {"area_code": "999921101", "address": "示范甲镇 1 号厂房二层", "lon": 165.042, "lat": 30.051}
CLAIM = {
    "service": "thirdparty",
    "claim_id": str(derived_id("golden", "claim_id")),
    "source_party_id": str(derived_id("golden", "agency_id")),
}
EVIDENCE = {
    "id": str(derived_id("golden", "evidence")),
    "owner": "volunteer",
    "sha256": "2f1c7e9a4b6d8035c1e2f3a4b5c6d7e8f90112233445566778899aabbccddeef",
    "media_type": "image/jpeg",
}
WORDS: Json = {
    "address": PLACE["address"],
    "amount_fen": 135_000_000,
    "amount_yuan": 30_000,
    "answer": "情况属实，已责令整改。You were right; it will be put right.",
    "area_code": "999921101",
    "attempts": 11,
    "balance_fen": 135_000_000,
    "basis": "《安全生产法》第六十五条",
    "case_number": "示范县F应急管理局（演示）立案〔2026〕000007号",
    "categories": ["dust"],
    "category": "dust",
    "certificate_no": "F-执法-0007",
    "channel": "volunteer",
    "claim": CLAIM,
    "claims": [CLAIM],
    "code": "999921101",
    "consequence": "extended",
    "court": "示范县F人民法院（演示）",
    "cycle": 2,
    "document": "应急管理部令第10号",
    "due_fen": 135_000_000,
    "email": "officer-1@demo.example",
    "employees": 86,
    "evidence": [EVIDENCE],
    "explanation": "业务不属本部门 · “product quality”, 100% sure",
    "factor": "hazard.major",
    "findings": 2,
    "grade": "major",
    "holder": {"en": "Fire and Rescue of Demo County F", "zh": "示范县F消防救援大队（演示）"},
    "imminent_danger": True,
    "industry_code": "C1310",
    "item": "第五条（二）",
    "items": ["清理二号线积尘", "Fit explosion vents"],
    "issuer": "示范县F应急管理局（演示）",
    "key": "C13",
    "joined": [CLAIM],
    "instalments": 2,
    "kinds": ["fine"],
    "outcome": "changed",
    "kind": "rectify_by",
    "language": "zh",
    "letter_no": "F应急委〔2026〕1号",
    "level": "township",
    "licence": "安全生产许可证",
    "look_backs": ["2026-11-19", "2027-01-18"],
    "mark": "D",
    "name": "演示执法员一 Demo Officer 1",
    "name_en": "Demo Flour Mill 007",
    "name_zh": "F县示范第007号面粉厂",
    "number": "F-2026-000042",
    "opinion": "二号线仍有积尘 · dust is left",
    "paid_yuan": 10_000,
    "total_yuan": 30_000,
    "penalty": "罚款三万元 · a fine of 30 000 yuan",
    "order": 2,
    "officers": [str(derived_id("golden", f"officer {n}")) for n in (1, 2)],
    "order_number": "F令〔2026〕第7号",
    "ordinal": 1,
    "parent_code": "999921",
    "place": PLACE,
    "planned_fen": 140_000_000,
    "refused_by": {"en": "Fire and Rescue of Demo County F", "zh": "示范县F消防救援大队（演示）"},
    "reason": "现场核查合格 · reviewed on site",
    "remark": "未复发 · it did not come back",
    "results": 14,
    "role": "authority.officer",
    "routing_rule": "industry",
    "scope": "面粉生产 · flour",
    "source": "未消除的重大隐患，每项加百分之二十五（平台默认）",
    "source_party_id": CLAIM["source_party_id"],
    "statement": "二号线仍有积尘，未见整改。It is not fixed.",
    "suspected_grade": "major",
    "suspension": "partial_stop",
    "title": "冬季粉尘防爆联合行动 · dust before winter",
    "out_of": 90.0,
    "points": 81.5,
    "quarter": 3,
    "text_en": "Dust collection without explosion control.",
    "text_zh": "粉尘收集系统未采取防爆措施。",
    "uscc": "91999921DF00000770",
    "where": "https://demo.example/公示/7",
    "what": "二号线电机积尘约 5 mm，“除尘”停用 100%。\nThick dust on the motors of line 2.",
    "year": 2026,
}
"""Field → something as the invented demo county could say it; what is missing here is drafted from the schema."""
OTHERWISE: dict[str, Json] = {
    **{
        f"inspection.hazard.part_{fact}": {"part_state": state}
        for fact, state in (
            *(("asked", "asked"), ("acknowledged", "acknowledged"), ("answered", "answered"), ("declined", "declined")),
            *(("released", "released"), ("insisted", "insisted"), ("arbitrated", "asked")),
        )
    },
    **{
        f"inspection.jointaction.part_{fact}": {"part_state": fact}
        for fact in ("asked", "accepted", "declined", "reported", "released")
    },
    **{
        f"inspection.meeting.{fact}": {
            "title": "三季度粉尘防爆专题会 · dust, third quarter",
            "place": "县政府 3 号会议室",
        }
        for fact in ("convened", "moved", "cancelled", "held", "minuted")
    },
    "inspection.meeting.cancelled": {
        "title": "三季度粉尘防爆专题会 · dust, third quarter",
        "place": "县政府 3 号会议室",
        "reason": "事项已办结 · the matter is settled",
    },
    "inspection.meeting.moved": {
        "title": "三季度粉尘防爆专题会 · dust, third quarter",
        "place": "县政府 5 号会议室",
        "reason": "会议室装修 · the room is being painted",
    },
    "inspection.committeetask.judged": {"state": "insufficient"},
    "inspection.committeetask.cancelled": {"reason": "并入另一议定事项 · taken over by another task"},
    "inspection.jointaction.cancelled": {"reason": "台风来临 · a typhoon comes"},
    "inspection.assessment.withdrawn": {"reason": "数据来源有误 · the source was wrong"},
    "inspection.hazard.case_decided": {"basis": "《安全生产法》第一百零二条", "hearing": "waived"},
    "inspection.hazard.case_dropped": {"reason": "轻微、及时改正、无危害后果 · minor, put right, no harm"},
    "inspection.hazard.case_opened": {"basis": "《安全生产法》第一百零二条"},
    "inspection.hazard.delisting_refused": {"reason": "风管仍漏尘 · the duct still leaks"},
    "inspection.hazard.extension_decided": {"reason": "设备滞留港口，情况属实 · the extractor waits at the port"},
    "inspection.hazard.listed": {"level": 2},
    "inspection.hazard.listing_proposed": {"reason": "毗邻学校，社会影响大 · beside a school"},
    "inspection.hazard.listing_refused": {"reason": "牵头部门可自行治理 · the lead copes"},
    "inspection.hazard.order_delivered": {"how": "left_at_premises"},
    "inspection.hazard.power_cut_announced": {"reason": "拒不停产 · they go on working"},
    "inspection.hazard.power_restored": {"reason": "已停产整改 · they stopped"},
    "inspection.hazard.recusal_decided": {"reason": "确有亲属关系 · a relative indeed"},
    "inspection.hazard.site_checked": {"remark": "现场与照片相符 · as in the pictures"},
    "notify.delivery.failed": {"channel": "mail"},
    "inspection.report.county_verdict_recorded": {"statement": "县人民政府核查：一人死亡。One person died."},
    "registry.area.registered": {"name_en": "Demo Town A", "name_zh": "示范甲镇"},
    "registry.competence.changed": {"by": "industry"},
    "registry.party.registered": {
        "kind": "authority",
        "name_en": "Demo Emergency Bureau",
        "name_zh": "示范县F应急管理局（演示）",
    },
    "registry.riskpoint.assessed": {"place": "二号筒仓 · silo 2"},
    "registry.riskpoint.withdrawn": {"place": "二号筒仓 · silo 2"},
    "registry.selfcheck.submitted": {"channel": "self_check"},
    "inspection.hazard.case_contested": {"kind": "suit"},
    "inspection.hazard.case_hearing_called": {"venue": "局三楼听证室 · hearing room, third floor"},
    "inspection.hazard.case_contest_ended": {"amount_yuan": 20_000},
    "inspection.hazard.measure_taken": {
        "kind": "seizure",
        "basis": "《行政强制法》第二十二条",
        "measure_state": "standing",
        "things": ["面粉 40 袋 · 40 sacks of flour"],
    },
    "inspection.hazard.measure_extended": {
        "kind": "seizure",
        "measure_state": "extended",
        "reason": "检测尚未完成 · the test is not finished",
    },
    "inspection.hazard.measure_ended": {
        "kind": "seizure",
        "measure_state": "ended",
        "outcome": "returned",
        "reason": "检测合格，予以退还 · fit, and given back",
    },
    "thirdparty.engagement.registered": {"kind": "expert_support"},
    "thirdparty.finding.submitted": {"channel": "third_party_audit"},
}
"""Where one event means another thing by a word."""
STATES = {
    "acknowledged": "transferred",
    "assignment_disputed": "confirmed",
    "bounced": "transferred",
    "case_decided": "rectifying",
    "case_dropped": "rectifying",
    "case_executed": "closed",
    "case_opened": "rectifying",
    **{
        f"case_{fact}": "rectifying"
        for fact in (
            *("rights_told", "answered", "hearing_requested", "hearing_waived", "hearing_called", "hearing_held"),
            *("reviewed", "served", "paid", "payment_deferred", "demanded", "contested", "contest_ended"),
        )
    },
    **{f"measure_{fact}": "rectifying" for fact in ("taken", "extended", "ended")},
    "case_sent_to_court": "rectifying",
    "delisted": "closed",
    "delisting_refused": "closed",
    "delisting_requested": "closed",
    "expired": "declared",
    "extension_decided": "rectifying",
    "extension_lapsed": "recheck_requested",
    "extension_requested": "rectifying",
    "claims_joined": "confirmed",
    "county_verdict_recorded": "accepted",
    "fatality_escalated": "received",
    "kept": "verified",
    "listed": "rectifying",
    "listing_proposed": "ordered",
    "listing_refused": "ordered",
    "looked_back": "closed",
    "own_fix_verified": "verified",
    "major_registered": "ordered",
    "notice_published": "rectifying",
    "order_delivered": "ordered",
    "power_cut_announced": "rectifying",
    "power_restored": "rectifying",
    "rectification_started": "rectifying",
    **{
        f"part_{fact}": "rectifying"
        for fact in ("asked", "acknowledged", "answered", "declined", "released", "insisted", "arbitrated")
    },
    "recheck_failed": "rectifying",
    "recheck_opened": "rechecking",
    "recheck_passed": "verified",
    "recusal_asked": "ordered",
    "recusal_decided": "ordered",
    "recusal_declared": "confirmed",
    "registered": "suspected",
    "resumption_decided": "rectifying",
    "resumption_requested": "rectifying",
    "site_checked": "verified",
    "suspended": "ordered",
    "taken_over": "suspected",
    "review_dismissed": "answered",
    "review_refused": "accepted",
    "review_upheld": "accepted",
    "split": "suspected",
    "verification_extended": "accepted",
    "voided": "void",
}
"""Fact → the state that it leads to, where the state has another name."""
_MOMENT = "2026-09-30T01:00:00Z"
_DAYS = {
    "valid_from": "2026-01-01",
    "certificate_valid_to": "2031-12-31",
    "answer_until": "2026-10-13",
    "pay_until": "2026-10-30",
    "obey_until": "2026-11-16",
    "appeal_until": "2027-04-15",
    "final_on": "2027-02-01",
}


def draft(event: type[Event], schema: Json, *, full: bool) -> Json:
    """Give a sample: with every field, or with none that may be missing."""
    made: Json = _drafted("", schema, schema, full=full)
    made |= OTHERWISE.get(event.subject, {})
    if "state" in made:
        fact = event.subject.rpartition(".")[2]
        led_to = STATES.get(fact, fact)
        made["state"] = led_to if led_to in resolved(schema["properties"]["state"], schema)["enum"] else made["state"]
    told = event.model_validate(made)
    return json.loads(event_bytes(told)) if full else made


def _drafted(name: str, schema: Json, root: Json, *, full: bool) -> Any:
    schema = resolved(schema, root)
    known = WORDS.get(name)
    while forms := choices(schema):  # one stands for all: that every other is read, the recorded schema lets us ask
        schema = resolved(forms[0], root)
    if "const" in schema or "enum" in schema:
        words = schema.get("enum", [schema.get("const")])
        return known if known in words else words[0]
    match schema["type"]:
        case "object" if "properties" in schema:
            told = [field for field, inner in schema["properties"].items() if "const" in inner]
            wanted = schema["properties"] if full else [*schema.get("required", []), *told]
            said = known if isinstance(known, dict) else {}
            return {
                field: said[field] if field in said else _drafted(field, schema["properties"][field], root, full=full)
                for field in wanted
            }
        case "object":
            return {"sample": _drafted(name, schema.get("additionalProperties", {"type": "string"}), root, full=full)}
        case "array":
            many = max(schema.get("minItems", 1), 1)
            return known if isinstance(known, list) else [_drafted(name, schema["items"], root, full=full)] * many
        case kind:
            return _word(kind, name, schema)


def _word(kind: str, name: str, schema: Json) -> Any:
    """Give what the county would say, if it is of the kind that is asked for, or something of that kind."""
    by_form = {"uuid": str(derived_id("golden", name)), "date-time": _MOMENT, "date": _DAYS.get(name, "2026-10-20")}
    if (formed := by_form.get(schema.get("format", ""))) is not None:
        return formed
    known = WORDS.get(name)
    types: dict[str, Any] = {"string": str, "integer": int, "number": int | float, "boolean": bool}
    made = {"string": "示例 sample", "integer": schema.get("minimum", 1), "number": 1.5, "boolean": True}
    return known if isinstance(known, types[kind]) and (kind == "boolean") is isinstance(known, bool) else made[kind]


def unshown(schema: Json, root: Json, said: list[Any], where: str = "") -> Iterator[str]:
    """Name every field that none of these samples shows."""
    schema = resolved(schema, root)
    if "items" in schema:
        yield from unshown(schema["items"], root, [inner for one in said for inner in one], f"{where}[]")
    for name, inner in schema.get("properties", {}).items():
        if shown := [one[name] for one in said if name in one]:
            yield from unshown(inner, root, shown, f"{where}/{name}")
        else:
            yield f"{where}/{name}"


def samples_of(event: type[Event]) -> list[Json]:
    return [read(path) for path in sorted((FOLDER / event.subject).glob(f"v{event.version}-*.json"))]


def _lacking(event: type[Event]) -> dict[str, Json]:
    """Draft what the event lacks: file name → content."""
    schema, version, known = schema_of(event), f"v{event.version}", samples_of(event)
    full = draft(event, schema, full=True)
    if not known:
        minimal = draft(event, schema, full=False)
        return {f"{version}-full.json": full, f"{version}-minimal.json": minimal, f"{version}.schema.json": schema}
    return {f"{version}-full-{len(known)}.json": full} if any(unshown(schema, schema, known)) else {}


def main() -> None:
    for event in EVENTS.values():
        for name, content in _lacking(event).items():
            path = FOLDER / event.subject / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as new:
                new.write(written(content))
            print(f"Drafted {path.relative_to(ROOT)}; read it before you commit it.")  # noqa: T201 — a command prints


if __name__ == "__main__":
    main()
