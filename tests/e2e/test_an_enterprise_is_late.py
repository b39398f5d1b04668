"""An enterprise lets its limit pass: it is written to, answers, is judged, and reads nothing of who had spoken."""

import re
from typing import Any
from uuid import uuid4

import httpx
from county import CERTAINTIES, COUNTY, PASSWORD, County, ok, refused, uid
from to_an_order import ordered, told

from shared.contracts import inspection as facts

WORDS = "Behind the sifter it lies finger-thick, cousin Bo was burnt there"
CONTACT = "+86 13900007777"
SAID = {"what": WORDS, "contact": CONTACT}
LATE, REMINDED, WARNED = 21, 22, 28
"""Days after the order: the limit has passed, and one and five working days more."""
ALL = ("miller", "desk", "head", "secretary", "baker", "ada")


async def _employs_somebody_who_reads_chinese(county: County) -> None:
    """Let a second person act for the mill; county.keeper is that person's client."""
    person = {"id": uid("keeper"), "name": "keeper", "language": "zh", "area_code": COUNTY}
    await ok(county.operator.put("/people", json=[{**person, "email": "keeper@county.example"}]))
    acts = {"person_id": uid("keeper"), "party_id": uid("mill"), "role": "enterprise.manager", "area_code": COUNTY}
    await ok(county.operator.put("/memberships", json=[{"id": uid("membership keeper"), **acts}]))
    account = {"person_id": uid("keeper"), "login": "keeper@county.example", "password": PASSWORD}
    await ok(county.operator.put("/accounts", json=[account]))
    await county.settle()
    await county.sign_in("keeper")


async def _days_after_the_order(county: County, day: int, *, of: int) -> None:
    """Let time pass from day `of`, and everything happen that is due; whoever was signed in for days signs in anew."""
    county.platform.travel(days=day - of)
    await county.settle()
    for name in (*ALL, "keeper"):
        await county.sign_in(name)


async def _reads(county: County, name: str, language: str, *paths: str) -> str:
    """Give all that this person is answered there, whole, as its program gets it."""
    own: httpx.AsyncClient = getattr(county, name)
    headers = {"accept-language": language}
    answers = [await own.get(path, headers=headers) for path in paths]
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    return "\n".join(answer.text for answer in answers)


async def _secrets(county: County) -> re.Pattern[str]:
    """Give whatever would tell the mill who had spoken, where, or that anybody had."""
    [entry] = await county.platform.rows("inspection", "select id, number, claim_id, reporter_ref from docket_entries")
    named = [str(value) for value in entry.values()] + [uid("ada"), CONTACT, CONTACT[-11:], "13900007777"]
    words = ["finger-thick", "sifter", "cousin", "Bo was", r"\bada\b", r"ada@", "volunteer", "whistle", "complain"]
    channels = ["claim", "reporter", "hotline", "12350", "12345", "miniapp", "docket"]
    chinese = ["举报", "投诉", "志愿者", "线索", "群众", "网格", "受理"]
    hints = [*(re.escape(each) for each in named), *words, *channels, *chinese]
    return re.compile("|".join(hints), re.IGNORECASE)


async def test_a_late_enterprise_is_warned_answers_and_is_judged_and_reads_no_hint_at_a_report(county: County) -> None:
    await _employs_somebody_who_reads_chinese(county)
    hazard = await ordered(county, said=SAID)
    await ok(county.miller.post(f"{hazard}/start-rectification", json={"certainties": CERTAINTIES}))
    number = (await ok(county.miller.get(hazard)))["number"]
    await county.settle()

    # The limit passes. Of that the mill is told at once, and a working day later by letter.
    await _days_after_the_order(county, LATE, of=0)
    assert (await ok(county.miller.get("/letters")))["items"] == []
    await told(county, "miller", "deadline_missed")
    await _days_after_the_order(county, REMINDED, of=LATE)
    [reminder] = (await ok(county.miller.get("/letters")))["items"]
    assert (reminder["kind"], reminder["rule"], reminder["reply_by"]) == ("reminder", "ladder.reminder", None)
    assert (reminder["sender_id"], reminder["capacity"]) == (uid("emergency"), "system")

    # Still nothing is done: a warning, which wants an answer. Delivered three times it is one.
    await _days_after_the_order(county, WARNED, of=REMINDED)
    warning, _ = (await ok(county.miller.get("/letters")))["items"]
    letter = f"/letters/{warning['id']}"
    whole = await ok(county.miller.get(letter))
    assert (whole["kind"], whole["rule"], whole["due_at"], whole["reply_by"]) == (
        *("warning", "ladder.warning", "2026-10-20T15:59:59Z"),
        "2026-11-04",
    )
    assert (whole["hazard_ids"], whole["offers"]) == ([hazard.rpartition("/")[2]], ["reply"])
    _says_in_both_languages(whole, number)
    for name, language, said in (("miller", "en", "warning"), ("keeper", "zh", "警示")):
        heard = [notice for notice in await county.inbox(name) if notice["template"] == "letter_received"]
        assert len(heard) == 2, [notice["template"] for notice in await county.inbox(name)]
        assert said in (heard[0]["subject"] + heard[0]["body"]).lower(), heard
        assert (await county.platform.rows("registry", f"select language from people where name = '{name}'")) == [
            {"language": language}
        ]

    # Nobody else reads it; a refusal is worded in the reader's language.
    await refused(county.baker.get(letter), 404, "not-found")
    await refused(county.ada.get(letter), 403, "role-may-not")
    strange = await county.baker.get(letter, headers={"accept-language": "zh"})
    assert "没有" in strange.json()["detail"]

    await _is_answered_twice_and_accepted(county, letter)
    secrets = await _secrets(county)
    paths = (letter, f"/letters/{reminder['id']}", "/letters", "/deadlines", hazard, f"{hazard}/history", "/hazards")
    for name, language in (("miller", "en"), ("keeper", "zh")):
        read = await _reads(county, name, language, *paths, "/inbox?limit=200", f"{hazard}/escalations")
        assert number in read
        assert (hint := secrets.search(read)) is None, f"{name}: …{read[max(0, hint.start() - 80) : hint.end() + 80]}…"
    officials = await _reads(county, "desk", "en", "/docket")
    assert secrets.search(officials), "whoever must know does: the search finds what it looks for"


def _says_in_both_languages(letter: dict[str, Any], number: str) -> None:
    """See that either reader is told what is late, since when, how that was counted, by which rule, and what to do."""
    chinese, english = letter["facts"].split("\n", 1)
    for said in (number, "Dust deposits, line 2", "mill", "2026-10-20 23:59"):
        assert said in chinese, said
        assert said in english, said
    assert "至今未完成" in chinese
    assert "依决定：至 2026-10-20 终了。" in chinese
    assert "it is not done" in english
    assert "Set by decision: to the end of 2026-10-20." in english
    assert letter["explanation_zh"] in chinese
    assert letter["explanation_en"] in english
    assert letter["demand"].split("\n") == [
        "请立即办理，并书面说明逾期原因及办结时间。",
        "Do what is due, and reply with the cause of the delay and the day on which it will be done.",
    ]
    assert "《中华人民共和国安全生产法》" in letter["basis"]
    assert "Work Safety Law art." in letter["basis"]


async def _is_answered_twice_and_accepted(county: County, letter: str) -> None:
    """Reply thinly, be refused, reply with a picture, be accepted; each said over a bad line."""
    over_a_bad_line = {"idempotency-key": str(uuid4())}
    thin = {"text": "The extractor is late."}
    await refused(county.baker.post(f"{letter}/reply", json=thin), 404, "not-found")
    for _ in range(2):
        await ok(county.miller.post(f"{letter}/reply", json=thin, headers=over_a_bad_line))
    await refused(
        county.secretary.post(f"{letter}/judge", json={"accepted": True, "reason": "x"}), 403, "not-your-letter"
    )
    no = {"accepted": False, "reason": "Say until when, and what is done meanwhile.", "reply_by": "2026-11-02"}
    judged = await ok(county.desk.post(f"{letter}/judge", json=no))
    assert (judged["state"], judged["reply_by"]) == ("insufficient", "2026-11-02")
    await county.settle()
    photo = await county.proof("keeper", "inspection")
    better = {"text": "It comes on 30 October; line 2 stands still.", "files": [photo]}
    await ok(county.keeper.post(f"{letter}/reply", json=better))
    await county.settle()
    accepted = await ok(county.head.post(f"{letter}/judge", json={"accepted": True, "reason": "That will do."}))
    assert accepted["state"] == "accepted"
    await county.settle()
    whole = await ok(county.miller.get(letter))
    assert [(each["text"], each["accepted"], each["late"], each["reason"]) for each in whole["answers"]] == [
        (thin["text"], False, False, no["reason"]),
        (better["text"], True, False, "That will do."),
    ]
    assert (whole["deadlines"], whole["offers"]) == ([], [])
    assert len(county.platform.events(facts.LetterAnswered)) == len(county.platform.events(facts.LetterJudged)) == 2
    for name, template, times in (("desk", "letter_answered", 2), ("miller", "letter_judged", 2)):
        assert [notice["template"] for notice in await county.inbox(name)].count(template) == times
