"""Somebody who reported anonymously comes back with nothing but a code."""

from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from screens import AREA, DESKTOP, SIZES, County, Screens, barriers, hidden_sideways_px, picture

from shared.auth import Actor
from shared.contracts.values import Role

pytestmark = pytest.mark.browser
OPERATOR = Actor(UUID(int=1), Role.OPERATOR, None, AREA)
DESK = Actor(UUID(int=2), Role.AUTHORITY_DESK, UUID(int=3), AREA)
REFUSAL = "We need to know which market. <b>Please</b> report again with the place."
UNKNOWN = {"en": "No report has this code. Please check it", "zh": "没有找到该查询码对应的报告。请逐位核对"}
REGISTERED = {"en": "Your report was registered", "zh": "您的报告已登记"}
REFUSED = {"en": "Your report was not accepted", "zh": "您的报告未予受理"}


def as_typed(code: str) -> str:
    """Write a code as people copy it from paper."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4)).lower()


async def look_up(page: Page, code: str) -> None:
    await page.locator("#code").fill(code)
    await page.locator("#track button").click()


async def report_refused(county: County) -> str:
    """Report to a county with one authority, whose duty desk turns the report away; give the tracking code."""
    fire = {"id": str(DESK.party_id), "kind": "authority", "name_zh": "消防救援大队", "area_code": AREA}
    rule = {"id": str(UUID(int=4)), "by": "category", "key": "fire", "authority_id": fire["id"], "area_code": AREA}
    async with county.platform.client("registry", OPERATOR) as operator:
        for path, rows in (
            ("/areas", [{"code": AREA, "name_zh": "甲县"}]),
            ("/parties", [fire]),
            ("/competence", [rule]),
        ):
            assert (await operator.put(path, json=rows)).is_success
    await county.platform.settle()
    code = await county.anonymous_report()
    await county.platform.settle()
    county.platform.travel(hours=3)
    async with county.platform.client("inspection", DESK) as desk:
        [entry] = (await desk.get("/docket")).json()["items"]
        refusal = {"reason": "no_identifiable_target_or_facts", "explanation": REFUSAL}
        assert (await desk.post(f"/docket/{entry['id']}/reject", json=refusal)).is_success
    await county.platform.settle()
    return code


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("phone", "zh"), ("desktop", "en"), ("desktop", "zh")])
async def test_a_code_in_small_letters_and_groups_shows_how_the_report_fares(
    county: County, screens: Screens, size: str, language: str, light: str
) -> None:
    code = await report_refused(county)
    page = await screens.open("/", SIZES[size], language, light)
    await look_up(page, as_typed(code))
    steps = page.locator("#told li")
    await expect(steps).to_have_count(3)
    await expect(steps.nth(0)).to_contain_text("The fire exit behind the market is chained.")
    await expect(steps.nth(1)).to_contain_text(REGISTERED[language])
    await expect(steps.nth(2)).to_contain_text(REFUSED[language])
    await expect(steps.nth(2)).to_contain_text(REFUSAL)  # the words of others are text, never elements
    await picture(page, f"tracking-{size}-{language}-{light}")
    assert await hidden_sideways_px(page) == 0
    assert await barriers(page) == []
    assert code not in page.url
    assert screens.complaints == []


async def test_a_report_that_nobody_has_read_yet_is_shown_as_made(county: County, screens: Screens) -> None:
    code = await county.anonymous_report()
    page = await screens.open("/", language="zh")
    await look_up(page, code)
    await expect(page.locator("#told li")).to_have_count(1)
    await expect(page.locator("#told li")).to_contain_text("您报告了")


@pytest.mark.parametrize(
    ("language", "code"),
    [("en", "0000 0000 0000 0000"), ("zh", "0000 0000 0000 0000"), ("en", " "), ("zh", "查询码🙂")],
)
async def test_an_unknown_code_is_answered_by_a_sentence_that_helps(screens: Screens, language: str, code: str) -> None:
    page = await screens.open("/", language=language)
    await look_up(page, code)
    await expect(page.locator("#told")).to_contain_text(UNKNOWN[language])
    await picture(page, f"tracking-unknown-{language}")
    assert await barriers(page) == []
    [complaint] = screens.complaints  # the browser tells of every answer of 4xx
    assert "Failed to load resource" in complaint


async def test_the_whole_way_works_with_the_keyboard_alone_and_the_focus_is_always_seen(
    county: County, screens: Screens
) -> None:
    code = await county.anonymous_report()
    await county.platform.settle()
    page = await screens.open("/", DESKTOP)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Tracking code")).to_be_focused()
    await expect(page.get_by_label("Tracking code")).to_have_css("outline-style", "solid")
    await page.keyboard.type(as_typed(code))
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Look it up")).to_have_css("outline-style", "solid")
    await page.keyboard.press("Enter")
    await expect(page.locator("#told li")).to_have_count(2)
    assert screens.complaints == []


async def test_a_phone_without_a_line_is_told_so_and_may_try_again(county: County, screens: Screens) -> None:
    code = await county.anonymous_report()
    page = await screens.open("/")
    await page.context.set_offline(True)
    await look_up(page, code)
    await expect(page.locator("#told")).to_have_text("No connection. Try again.")
    await page.context.set_offline(False)
    await page.locator("#track button").click()
    await expect(page.locator("#told li")).to_have_count(1)


async def test_without_its_script_the_form_puts_no_code_into_an_address(county: County, screens: Screens) -> None:
    code = await county.anonymous_report()
    page = await screens.open("/", java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await look_up(page, code)
    await page.goto("/api/docs")  # whatever the button set off was asked before this
    assert f"{county.url}/api/docs" in asked
    assert not [url for url in asked if code in url]
