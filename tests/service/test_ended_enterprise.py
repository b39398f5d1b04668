from hazard_stages import ORDER, assigned
from inspection_county import BAKERY, HERE, MILL, OFFICERS_PICTURE, TOWN, desk, get, head, li, post, slug

from shared.contracts.enterprises import Standing
from shared.contracts.registry import EnterpriseRegistered
from shared.testing import START, OpenPlatform


def _mill(standing: Standing) -> EnterpriseRegistered:
    return EnterpriseRegistered(
        at=START,
        area_code=TOWN,
        enterprise_id=MILL,
        uscc="91350100M000100Y43",
        name_en="Mill",
        name_zh="面粉厂",
        industry_code="C1310",
        place=HERE,
        employees=40,
        standing=standing,
    )


async def test_nothing_is_ordered_of_an_enterprise_that_ended(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await platform.announce((MILL, 2, _mill(Standing.DEREGISTERED)))
        await platform.settle(redeliver=3)
        assert slug(await post(platform, li, f"{hazard}/order", 409, **ORDER)) == "enterprise-ended"
        assert (await get(platform, desk, hazard))["state"] == "assigned"
        orders = {**ORDER, "enterprise_id": str(BAKERY)}
        platform.travel(hours=1)
        assert (await post(platform, li, f"{hazard}/order", **orders))["enterprise_id"] == str(BAKERY)


async def test_what_ended_with_its_enterprise_is_void_with_proof(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await platform.announce((MILL, 2, _mill(Standing.MOVED_OUT)))
        await platform.settle()
        proof = {"reason": "The mill was pulled down.", "proof": [OFFICERS_PICTURE]}
        assert (await post(platform, head, f"{hazard}/void", **proof))["state"] == "void"


async def test_an_enterprise_that_only_rests_is_ordered_like_any_other(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await platform.announce((MILL, 2, _mill(Standing.SUSPENDED)))
        await platform.settle()
        assert (await post(platform, li, f"{hazard}/order", **ORDER))["state"] == "ordered"
