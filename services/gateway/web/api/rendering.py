"""How a page becomes an answer: in the reader's language, under a policy that lets nothing in from elsewhere."""

from pathlib import Path

from fastapi import Request, Response
from starlette.templating import Jinja2Templates

from shared.problems import language_of

HERE = Path(__file__).parents[1]


class Pages:
    """Renders templates; with `demo` each page says that the county is invented."""

    def __init__(self, *, demo: bool) -> None:
        self._demo = demo
        self._templates = Jinja2Templates(HERE / "templates")

    def show(
        self,
        request: Request,
        name: str,
        asked: str | None = None,
        *,
        status: int = 200,
        forms_to: str = "'self'",
        **facts: object,
    ) -> Response:
        """Render a page. `forms_to`: where its forms may lead, redirects after them included, which browsers check."""
        lang = asked if asked in {"en", "zh"} else language_of(request)

        def say(en: str, zh: str) -> str:
            return zh if lang == "zh" else en

        context = {"lang": lang, "say": say, "demo": self._demo, **facts}
        headers = {"Content-Security-Policy": _policy(forms_to), "Vary": "Accept-Language"}
        return self._templates.TemplateResponse(request, name, context, status, headers)


def _policy(forms_to: str) -> str:
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src 'self'; form-action {forms_to}; base-uri 'none'; frame-ancestors 'none'"
    )
