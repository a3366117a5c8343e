"""The pages of the sink, and what it tells programs."""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from deploy.local.sink.mailbox import Mailbox, Received
from deploy.local.sink.parsing import as_json, in_new_tabs, parse

_SHOWN = 300
_OWN_PAGE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-src 'self'; form-action 'self'"
}
_FOREIGN_PAGE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
}
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["parse"] = parse
_templates.filters["moment"] = lambda text: (
    f"{datetime.fromisoformat(text):%a %-d %b %Y, %H:%M} UTC"
)


class Pages:
    """Shows one mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def index(self, request: Request) -> Response:
        """Lists the newest messages, those about `q` if it is given, and shows the chosen one.

        A list renews itself where `renew` asks for it, or while it is empty: whoever is in the
        midst of it with the Tab key would lose their place.
        """
        wanted = request.query_params.get("q", "").strip()
        found = [each for each in self._mailbox.after() if _speaks_of(each, wanted)]
        number = int(request.path_params.get("id", 0))
        chosen = self._mailbox.get(number)
        if number and chosen is None:
            return PlainTextResponse("There is no such message.", status_code=404)
        is_list = not chosen and not wanted
        page = _templates.get_template("page.html").render(
            renews=is_list and ("renew" in request.query_params or not found),
            messages=list(reversed(found))[:_SHOWN],
            total=len(found),
            chosen=chosen,
            conversation=self._conversation(chosen),
            view=request.query_params.get("view", "mail"),
            q=wanted,
        )
        return HTMLResponse(page, headers=_OWN_PAGE)

    async def html(self, request: Request) -> Response:
        """Returns a mail's HTML part as it came, unable to load or run anything."""
        message = self._mailbox.get(request.path_params["id"])
        html = parse(message).html if message else None
        if html is None:
            return PlainTextResponse("There is no such message.", status_code=404)
        return HTMLResponse(in_new_tabs(html), headers=_FOREIGN_PAGE)

    async def messages(self, request: Request) -> Response:
        """Returns all messages, or those after one, taken apart."""
        try:
            number = int(request.query_params.get("after", 0))
        except ValueError:
            return JSONResponse({"detail": "after must be a message's id"}, status_code=400)
        return JSONResponse([as_json(each) for each in self._mailbox.after(max(0, number))])

    async def livez(self, _: Request) -> Response:
        return PlainTextResponse("ok")

    def _conversation(self, chosen: Received | None) -> list[Received]:
        """Returns every SMS to the same number, as a telephone shows them."""
        if chosen is None or chosen.channel == "email":
            return []
        return [
            each
            for each in self._mailbox.after()
            if each.channel == "sms" and each.recipient == chosen.recipient
        ]


def _speaks_of(message: Received, wanted: str) -> bool:
    parsed = parse(message)
    return (
        not wanted
        or wanted.lower() in f"{message.recipient} {parsed.subject} {parsed.text}".lower()
    )
