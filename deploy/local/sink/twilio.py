"""The part of Twilio's REST API that sends an SMS, with the status reports that follow."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.local.sink.mailbox import Mailbox


async def send_sms(request: Request, mailbox: Mailbox, http: httpx.AsyncClient) -> Response:
    """Answers like Twilio: 201 with the message's sid, and refusals with Twilio's codes."""
    token = _auth_token(request)
    if token is None:
        return _refusal(401, 20003, "Authenticate")
    sent = (await request.form()).items()
    form = {name: value for name, value in sent if isinstance(value, str)}
    # Twilio takes a messaging service's id in the place of a number of its own.
    form["From"] = form.get("From") or form.get("MessagingServiceSid", "")
    for name, code in (("To", 21604), ("From", 21603), ("Body", 21602)):
        if not form.get(name):
            return _refusal(400, code, f"A '{name}' is required.")
    callback = form.get("StatusCallback")
    mailbox.keep("sms", form["From"], form["To"], form["Body"], callback or "")
    account, sid = request.path_params["account"], f"SM{secrets.token_hex(16)}"
    answer = {
        "sid": sid,
        "account_sid": account,
        "status": "queued",
        "to": form["To"],
        "from": form["From"],
        "body": form["Body"],
        "error_code": None,
        "error_message": None,
    }
    report = {"MessageSid": sid, "AccountSid": account, "To": form["To"], "From": form["From"]}
    after = BackgroundTask(_report_delivered, http, callback, report, token) if callback else None
    return JSONResponse(answer, status_code=201, background=after)


def _signature(url: str, form: Mapping[str, str], token: str) -> str:
    """Signs a callback as Twilio does: HMAC-SHA1 over the URL and the sorted form."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


async def _report_delivered(
    http: httpx.AsyncClient, url: str, report: dict[str, str], token: str
) -> None:
    """Calls back once for each step; what nobody answers, or no URL, is lost, as at Twilio."""
    for status in ("sent", "delivered"):
        form = {**report, "MessageStatus": status}
        try:
            headers = {"X-Twilio-Signature": _signature(url, form, token)}
            await http.post(url, data=form, headers=headers)
        except Exception:  # noqa: BLE001 - a URL is wrong in more ways than httpx has errors for
            return


def _auth_token(request: Request) -> str | None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials).decode().partition(":")[2] or None
    except ValueError:
        return None


def _refusal(status: int, code: int, message: str) -> Response:
    return JSONResponse({"status": status, "code": code, "message": message}, status_code=status)
