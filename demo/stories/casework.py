"""A docket entry or hazard in the hands of the people of a story; without it each step would spell addresses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from demo.county.people import PEOPLE
from demo.scene import Scene, today, upload
from demo.stage import Step
from demo.stream import Heard

BASIS = "安全生产法 第六十五条 · Work Safety Law art. 65"


@dataclass(slots=True)
class Matter:
    """One thing that people act on: `noun` is `docket` or `hazards`."""

    scene: Scene
    noun: str
    id: str
    shown: int = 0
    """How many of its events were shown already."""

    async def move(self, key: str, verb: str, **ask: Any) -> dict[str, Any]:
        """Do what the story needs done."""
        caller = await self.scene.person(key)
        return await caller.post(f"{self.noun}/{self.id}/{verb}", ask)

    async def refused(self, step: Step, key: str, verb: str, status: int, slug: str, **ask: Any) -> None:
        """Try what must not succeed, and show how it is refused."""
        caller = await self.scene.person(key)
        answer = await caller.ask("POST", f"{self.noun}/{self.id}/{verb}", json=ask)
        right = answer.status == status and answer.slug == slug
        whose = "" if caller.title == step.who else f"{caller.title}: "
        step.check(right, f"refused: {whose}{verb} → {answer.status} {answer.slug}: {answer.sentence}")

    async def seen_by(self, key: str) -> dict[str, Any]:
        caller = await self.scene.person(key)
        return await caller.get(f"{self.noun}/{self.id}")

    async def flowed(self, step: Step, *facts: str) -> None:
        """Wait for the next facts about this: these, in this order, and no other."""
        wanted = list(facts)
        upto = self.shown + len(wanted)

        def enough(heard: list[Heard]) -> bool:
            return len(self._facts(heard)) >= upto

        stream = self.scene.committee_hears
        await stream.until(enough, f"{self.noun}: {', '.join(wanted)}")
        came = self._facts(stream.heard)[self.shown :]
        self.shown += len(came)
        step.flowed(f"inspection.{self._aggregate}", came)
        if came != wanted:
            step.check(condition=False, sentence=f"the events should be: {', '.join(wanted)}")

    @property
    def _aggregate(self) -> str:
        return "hazard" if self.noun == "hazards" else "report"

    def _facts(self, heard: list[Heard]) -> list[str]:
        field = "hazard_id" if self.noun == "hazards" else "entry_id"
        mine = [one.name.split(".") for one in heard if one.data.get(field) == self.id]
        return [fact for _, aggregate, fact in mine if aggregate == self._aggregate]

    async def told(self, step: Step, key: str, template: str) -> dict[str, Any]:
        return await self.scene.told(step, key, self.id, template)


def officers(*keys: str) -> list[str]:
    return [str(PEOPLE[key].id) for key in keys]


def order(items: list[str], *keys: str, days: int) -> dict[str, Any]:
    """Order these items to be put right within so many days."""
    return {
        "kind": "rectify_by",
        "items": [{"text": item} for item in items],
        "limit": str(today() + timedelta(days=days)),
        "basis": BASIS,
        "officers": officers(*keys),
    }


async def handed_over(hazard: Matter, ordered: dict[str, Any], key: str) -> dict[str, Any]:
    """Photograph each thing of an order, and have its receipt signed on the spot."""
    photo = await upload(await hazard.scene.person(key), "inspection")
    items = [{**item, "before": [photo]} for item in ordered["items"]]
    received = {"how": "in_person", "received_by": "Principal (demo) · 主要负责人（演示）", "evidence": [photo]}
    return {**ordered, "items": items, "delivery": received}


async def signed(hazard: Matter, key: str) -> dict[str, Any]:
    """Have the record of a re-check signed by the unit, and add a photo of the officers' own."""
    photo = await upload(await hazard.scene.person(key), "inspection")
    return {"unit_signature": [photo], "attachments": [photo]}


async def proofs(hazard: Matter, key: str) -> list[dict[str, Any]]:
    """Photograph every open item of a hazard as it is now."""
    caller = await hazard.scene.person(key)
    items = (await hazard.seen_by(key))["items"]
    return [
        {"item_id": item["id"], "after": [await upload(caller, "inspection")], "remark": "done · 已整改"}
        for item in items
        if not item["passed"]
    ]


async def verdicts(hazard: Matter, key: str, *, failing: int | None = None) -> list[dict[str, Any]]:
    """Judge every open item; the one at the index `failing` is not yet right."""
    items = [item for item in (await hazard.seen_by(key))["items"] if not item["passed"]]
    return [{"item_id": item["id"], "passed": index != failing} for index, item in enumerate(items)]
