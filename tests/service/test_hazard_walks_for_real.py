"""The service itself, on a real PostgreSQL, walks as the tables do: the same is offered, made and refused."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import httpx
import inspection_county as county
from clocks_told import clocks_as_told
from hazard_commands import COMMANDS, COMMITTEES_PICTURE, MAY_REFUSE
from hazard_walk import PEOPLE, Person, Walk
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from inspection_county import COUNTY, registry_facts, report

from services.inspection.hazards.domain import Verb
from shared.auth import Actor
from shared.contracts.values import Grade
from shared.testing import OpenPlatform, Platform

STEPS = ("act", "act", "act", "act", "act", "try", "look", "wait")
MAIN_LINE = {
    *(Verb.CONFIRM, Verb.ASSIGN, Verb.ORDER, Verb.START_RECTIFICATION, Verb.REQUEST_RECHECK, Verb.OPEN_RECHECK),
    *(Verb.PASS_RECHECK, Verb.CLOSE),
}
COMPARED = ("state", "suspension", "extension", "enforcement", "listing", "power", "cycle", "looked_back", "delivered")


class Real:
    """One platform in a loop of its own, for a machine whose rules wait for nothing."""

    def __init__(self, services_here: OpenPlatform) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.platform: Platform = self.run(self.stack.enter_async_context(services_here("inspection")))
        self.run(self._begin())

    def run(self, waiting: Any) -> Any:
        return self.runner.run(waiting)

    async def _begin(self) -> None:
        await self.platform.announce(*registry_facts())
        await county.hand_in_pictures(self.platform)
        await county.hand_in(self.platform, COMMITTEES_PICTURE, county.COMMITTEE)
        await self.platform.settle()

    def close(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()

    async def suspected(self, *, imminent_danger: bool) -> str:
        """Bring one more hazard to the docket and accept it; give its address."""
        claim = report(f"Dust {uuid4()}", imminent_danger=imminent_danger, at=self.platform.now)
        await county.settle(self.platform, claim)
        rows = await self.platform.rows(
            "inspection", "select id from docket_entries where claim_id = :claim", claim=claim.claim_id
        )
        path = f"/docket/{rows[0]['id']}/accept"
        accepted = await county.post(self.platform, county.desk, path, what="Dust deposits on motors")
        return f"/hazards/{accepted['hazard_id']}"

    async def ask(self, who: Person, method: str, path: str, **body: Any) -> httpx.Response:
        actor = Actor(who.id, who.role, who.party, COUNTY)
        async with self.platform.client("inspection", actor) as http:
            return await http.request(method, path, **({"json": body} if method == "POST" else {}))


class HazardWalksForReal(RuleBasedStateMachine):
    """Each walk is a hazard of its own, on one platform."""

    real: ClassVar[Real]
    made: ClassVar[Counter[Verb]]
    walk: Walk | None = None
    hazard: str = ""

    @initialize(grade=st.sampled_from(Grade), imminent=st.booleans())
    def begin(self, grade: Grade, imminent: bool) -> None:
        self.hazard = self.real.run(self.real.suspected(imminent_danger=imminent))
        today = (self.real.platform.now + timedelta(hours=8)).date()
        self.walk = Walk(grade=grade, imminent_danger=imminent, today=today)

    @rule(what=st.sampled_from(STEPS), who=st.sampled_from(PEOPLE), data=st.data())
    def something_happens(self, what: str, who: Person, data: st.DataObject) -> None:
        match what:
            case "act":
                self._somebody_acts(data)
            case "try":
                self._somebody_tries(data.draw(st.sampled_from(sorted(COMMANDS))), who)
            case "look":
                self._somebody_looks(who)
            case _:
                days = data.draw(st.integers(1, 12))
                self.real.platform.travel(days=days)
                self._walk.today += timedelta(days=days)

    @invariant()
    def it_stands_where_the_tables_say(self) -> None:
        if self.walk is None:
            return
        seen = self._seen()
        assert {name: seen[name] for name in COMPARED} == {name: getattr(self.walk, name) for name in COMPARED}
        open_items = [item for item in seen["items"] if not item["passed"]]
        assert len(open_items) == self.walk.open_items
        assert seen["limit"] == (str(self.walk.limit) if self.walk.limit else None)

    def _somebody_acts(self, data: st.DataObject) -> None:
        onward = set(COMMANDS) - {Verb.VOID, Verb.DISMISS}
        offered = [(verb, who) for who in PEOPLE for verb in self._walk.offers(who) if verb in onward]
        if offered:
            self._act(*data.draw(st.sampled_from(offered)))

    def _somebody_tries(self, verb: Verb, who: Person) -> None:
        if self._walk.refusal(verb, who) is None:
            self._act(verb, who)
            return
        before = self._seen()
        answer = self.real.run(self.real.ask(who, "POST", self._path(verb), **self._body(verb, who, before)))
        assert answer.status_code in {403, 404, 409, 422}, answer.text
        assert self._seen() == before, "what is refused changes nothing"

    def _somebody_looks(self, who: Person) -> None:
        answer = self.real.run(self.real.ask(who, "GET", self.hazard))
        if answer.status_code == 200:
            assert set(answer.json()["offers"]) == set(self._walk.offers(who))
        else:
            assert not self._walk.offers(who), f"{who} could act on what it may not see"

    @property
    def _walk(self) -> Walk:
        assert self.walk is not None
        return self.walk

    def _act(self, verb: Verb, who: Person) -> None:
        before = self._seen()
        answer = self.real.run(self.real.ask(who, "POST", self._path(verb), **self._body(verb, who, before)))
        if answer.status_code != 200:
            slug = answer.json()["type"].rpartition(":")[2]
            assert slug in MAY_REFUSE.get(verb, set()), f"{who} {verb}: {answer.text}"
            assert self._seen() == before
            return
        self.real.platform.travel(seconds=1)  # so that history tells which move turned a clock
        self._walk.make(verb, who)
        self.made[verb] += 1
        if verb is Verb.LIST and self._walk.limit is not None:
            self._walk.limit = self._walk.today + timedelta(days=60)
        self._follow_the_calendar()
        if verb in {Verb.PASS_RECHECK, Verb.FAIL_RECHECK}:  # who stood beside them is not the model's to choose
            self._walk.rechecked_by = frozenset(UUID(each) for each in self._seen()["rechecks"][-1]["officers"])

    def _follow_the_calendar(self) -> None:
        """Days of a penalty case are counted by the profile, in working days: the model takes them from there."""
        cases = self._seen()["cases"]
        if cases and self._walk.answer_until:
            self._walk.answer_until = date.fromisoformat(cases[-1]["answer_until"])
        if cases and self._walk.hearing_on:
            at = datetime.fromisoformat(cases[-1]["hearing_at"])
            self._walk.hearing_on = (at + timedelta(hours=8)).date()
        if cases and self._walk.pay_until:
            self._walk.pay_until = date.fromisoformat(cases[-1]["pay_until"])

    def _path(self, verb: Verb) -> str:
        return f"{self.hazard}/{verb.replace('_', '-')}"

    def _body(self, verb: Verb, who: Person, seen: dict[str, Any]) -> dict[str, Any]:
        try:
            return COMMANDS[verb](self.real.platform, who, {**seen, "wanted": self._walk.grade})
        except (LookupError, TypeError, ValueError):
            return {}  # there is nothing yet that such a command could speak of

    def _seen(self) -> dict[str, Any]:
        [desk] = [each for each in PEOPLE if each.name == "desk"]
        answer: httpx.Response = self.real.run(self.real.ask(desk, "GET", self.hazard))
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen


def test_the_service_walks_as_the_tables_do(services_here: OpenPlatform) -> None:
    real = HazardWalksForReal.real = Real(services_here)
    made = HazardWalksForReal.made = Counter()
    try:
        run_state_machine_as_test(
            HazardWalksForReal,
            settings=settings(
                max_examples=18,
                stateful_step_count=40,
                deadline=None,
                phases=(Phase.explicit, Phase.generate),
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert real.run(clocks_as_told(real.platform)) > 100
    finally:
        real.close()
    assert set(made) >= MAIN_LINE, f"the walks went nowhere: {made}"
