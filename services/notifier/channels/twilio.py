"""SMS through Twilio's Programmable Messaging REST API.

One request is the whole transaction, so the attempt is committed before it. Only an answer that
says that nothing was accepted lets the message be tried again; where an answer is lost, or a
gateway answers in Twilio's place, nobody can know, and the message is `uncertain`.
"""

from urllib.parse import urlencode

import httpx

from services.notifier.channels import Commit, Parcel
from services.notifier.domain import Refusal, SendResult, SendStatus
from shared.runtime.crash_points import reach

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Raised before a byte of the request has left."""

IDLE_SECONDS = 2.0
"""After which a connection is not used again: one that the other side is just closing would leave
a message in doubt, and many servers close after five seconds."""

OPTED_OUT = 21610
NOT_A_MOBILE = frozenset({21211, 21214, 21217, 21614})
"""Twilio's codes for a number that cannot receive messages, now or later."""

NOT_ACCEPTED = frozenset({429, 503})
"""Twilio's documents: too many requests, or not available; nothing was done, try again."""

OUR_FAULT = frozenset({401, 403, 404})
"""Wrong credentials, a suspended account, a wrong URL: no message's fault."""


class Twilio:
    """Delivers through one Twilio account."""

    def __init__(
        self,
        *,
        base_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_url: str,
        timeout_seconds: float = 15.0,
    ) -> None:
        self._path = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
        # A messaging service's id goes into a field of its own.
        self._from = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        self._status_url = f"{public_url.rstrip('/')}/v1/twilio/status"
        self._http = httpx.AsyncClient(
            base_url=base_url,
            auth=(account_sid, auth_token),
            timeout=timeout_seconds,
            limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
        )

    async def deliver(self, parcel: Parcel, commit: Commit) -> SendResult | Refusal:
        """Tries once; a refusal that `commit` gives leaves Twilio without a request."""
        if not parcel.words.sms_text:
            return SendResult(SendStatus.FAILED, "no_sms_text")
        refusal = await commit()
        if refusal:
            return refusal
        reach("attempted before request")
        try:
            answer = await self._http.post(self._path, data=self._fields(parcel))
        except NOT_SENT:
            return SendResult(SendStatus.AWAY, "unreachable")
        except httpx.HTTPError:
            return SendResult(SendStatus.UNCERTAIN, "lost_after_request")
        return _judged(answer)

    async def close(self) -> None:
        """Closes all connections."""
        await self._http.aclose()

    def _fields(self, parcel: Parcel) -> dict[str, str]:
        about = urlencode({"message": parcel.message_id, "candidate": parcel.recipient_id})
        return {
            **self._from,
            "To": parcel.address,
            "Body": parcel.words.sms_text or "",
            "StatusCallback": f"{self._status_url}?{about}",
        }


def _judged(answer: httpx.Response) -> SendResult:
    """Judges by status and code alone: Twilio's message may quote the number."""
    status = answer.status_code
    if answer.is_success:
        return SendResult(SendStatus.SENT)
    if status in NOT_ACCEPTED:
        return SendResult(SendStatus.DEFERRED, f"http_{status}")
    if status in OUR_FAULT:
        return SendResult(SendStatus.AWAY, f"http_{status}")
    if not 400 <= status < 500:
        return SendResult(SendStatus.UNCERTAIN, f"http_{status}")
    code = _code(answer)
    if code == OPTED_OUT:
        return SendResult(SendStatus.FAILED, "opted_out", "opted_out")
    return SendResult(SendStatus.FAILED, f"twilio_{code}", "dead" if code in NOT_A_MOBILE else None)


def _code(answer: httpx.Response) -> int:
    try:
        return int(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return answer.status_code
