"""The gateway's public pages."""

from stub_parts import gateway, open_client


async def test_the_front_page_speaks_the_readers_language_and_loads_nothing_from_elsewhere():
    app = gateway({}, demo=True)
    async with open_client(app) as http:
        chinese = await http.get("http://gateway/")
        english = await http.get("http://gateway/?lang=en")
        reference = await http.get("http://gateway/api/docs", headers={"accept-language": "en-GB"})
        assert 'lang="zh-CN"' in chinese.text
        assert "查询码" in chinese.text
        assert 'lang="en"' in english.text
        assert "Tracking code" in english.text
        assert "/api/v1/openapi.json" in reference.text
        for page in (chinese, english, reference):
            assert page.status_code == 200
            assert "DEMO" in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            assert "http://" not in page.text
            assert "https://" not in page.text
        for name in ("pages.css", "pages.js", "mark.svg"):
            assert f"/static/{name}" in english.text
            assert (await http.get(f"http://gateway/static/{name}")).status_code == 200
        assert (await http.get("http://gateway/static/../api.py")).status_code == 404


async def test_a_real_county_is_not_called_a_demo():
    async with open_client(gateway({})) as http:
        assert "DEMO" not in (await http.get("http://gateway/")).text
