"""What a reader has before them: the size, the language, the light, and everything the browser complains of."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pyotp
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from services.gateway.identity.actions.browsers import Browsers
from services.gateway.identity.actions.factors import SecondFactors, confirm, offer, offered
from services.gateway.identity.domain.factors import SecondFactorRule
from shared.auth import Actor
from shared.contracts.registry import MembershipGranted, PersonRegistered
from shared.contracts.values import Role
from shared.settings import ROOT
from shared.testing import Platform

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
SIZES = {"phone": PHONE, "desktop": DESKTOP}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
AREA = "999901"
CHAINED_EXIT = {
    "place": {"area_code": AREA},
    "category": "fire",
    "what": "The fire exit behind the market is chained.",
}
PICTURES = ROOT / "var" / "screenshots"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
expect.set_options(timeout=15_000)


@dataclass
class Arrival:
    """Somebody who can sign in; `secret` is what their phone holds."""

    login: str
    password: str
    secret: str = ""

    def code(self, now: datetime) -> str:
        return pyotp.TOTP(self.secret).at(now)


@dataclass(frozen=True)
class County:
    """The platform behind the pages, and where the browser finds it."""

    platform: Platform
    url: str

    async def arrives(self, *roles: Role, enrolled: bool = False) -> "Arrival":
        """Let somebody with these offices and an account arrive; `enrolled`: with a phone that shows codes."""
        person_id, gateway = uuid4(), self.platform.service("gateway")
        facts = {"at": self.platform.now, "area_code": AREA, "person_id": person_id}
        await self.platform.announce((person_id, 1, PersonRegistered(**facts, name="王小明", language="zh")))
        for role in roles:
            granted = MembershipGranted(**facts, membership_id=uuid4(), party_id=None, role=role)
            await self.platform.announce((granted.membership_id, 1, granted))
        await self.platform.settle()
        arrival = Arrival("xiaoming", "a long sentence of mine")
        operator = Actor(uuid4(), Role.OPERATOR, None, AREA)
        async with self.platform.client("gateway", operator) as http:
            account = {"login": arrival.login, "password": arrival.password}
            assert (await http.put(f"/api/v1/accounts/{person_id}", json=account)).is_success
        if enrolled:
            factors = gateway.part(SecondFactors)
            async with gateway.database.transaction() as tx:
                await offer(tx, factors, person_id, self.platform.now)
                arrival.secret = await offered(tx, factors, person_id) or ""
                assert await confirm(tx, factors, person_id, arrival.code(self.platform.now), self.platform.now)
            self.platform.travel(seconds=30)
        return arrival

    def needs_second_factor(self) -> None:
        """Let officers need a second factor, as in production."""
        rule = SecondFactorRule.of(["authority"], required=True)
        gateway = self.platform.service("gateway")
        gateway.parts[SecondFactors] = replace(gateway.part(SecondFactors), rule=rule)
        gateway.part(Browsers).rule = rule

    async def anonymous_report(self) -> str:
        """Report without signing in, as a phone does; give the tracking code."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            answer = await http.put(f"/api/v1/reports/{uuid4()}", json=CHAINED_EXIT)
        assert answer.status_code == 201, answer.text
        code: str = answer.json()["tracking_code"]
        return code


@dataclass
class Screens:
    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list[str])
    """Console errors and warnings, uncaught exceptions, requests that leave the gateway: of every page opened."""

    async def open(
        self, path: str, size: ViewportSize = PHONE, language: str = "en", light: str = "light", **options: Any
    ) -> Page:
        context = await self.browser.new_context(
            viewport=size,
            locale=LOCALES[language],
            color_scheme="dark" if light == "dark" else "light",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            base_url=self.url,
            **options,
        )
        page = await context.new_page()
        page.on("console", lambda said: self._complain(said.type in {"error", "warning"}, said.text))
        page.on("pageerror", lambda error: self._complain(True, str(error)))
        page.on("request", lambda asked: self._complain(not asked.url.startswith(self.url), f"asked {asked.url}"))
        answer = await page.goto(path)
        assert answer is not None
        assert answer.ok
        return page

    def _complain(self, really: bool, text: str) -> None:
        if really:
            self.complaints.append(text)

    async def close(self) -> None:
        for context in self.browser.contexts:
            await context.close()


async def picture(page: Page, name: str) -> None:
    """Keep the whole page as it looks now, for people to look at."""
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


async def barriers(page: Page) -> list[str]:
    """Say what axe finds on the page: WCAG 2.2 A and AA, and good practice."""
    found = await Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html']}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


async def hidden_sideways_px(page: Page) -> int:
    """Say how much of the page is reached only by scrolling sideways."""
    hidden: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return hidden
