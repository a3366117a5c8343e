"""SMS through a provider's HTTP API: what is the same with every provider.

One request is the whole transaction, so the attempt is committed before it. Where an answer is
lost, nobody can know whether the message was accepted, and it is `uncertain`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import httpx

from services.notifier.channels import Commit, Parcel
from services.notifier.domain import Refusal, SendResult, SendStatus
from shared.runtime.crash_points import reach

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
"""Raised before a byte of the request has left."""

ANSWER_SECONDS = 15.0
"""How long a provider may think about a message."""

IDLE_SECONDS = 2.0
"""After which a connection is not used again: one that the other side is just closing would leave
a message in doubt, and many servers close after five seconds."""

NOT_ACCEPTED = frozenset({429, 503})
"""Too many requests (RFC 6585), or not available (RFC 9110): nothing was done, try again."""

OUR_FAULT = frozenset({401, 403, 404})
"""Wrong credentials, a suspended account, a wrong URL: no message's fault."""


@dataclass(frozen=True, slots=True)
class Account:
    """What we are to a provider, and where each finds the other."""

    name: str
    token: str
    sender: str
    public_url: str
    """Where intake hears how a message ended."""
    base_url: str | None = None
    """Where the provider's API answers, if not where it always does."""


class HttpSms(ABC):
    """Delivers by one request a message; a provider adds its request and reads its refusals."""

    def __init__(
        self, base_url: str, auth: httpx.Auth | tuple[str, str], timeout_seconds: float
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            auth=auth,
            timeout=timeout_seconds,
            limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
        )

    @abstractmethod
    def request(self, parcel: Parcel, text: str) -> httpx.Request:
        """Returns the request that asks for this message."""

    @abstractmethod
    def refused(self, answer: httpx.Response) -> SendResult:
        """Says what was wrong with a message that was refused by a status from 400 to 499."""

    def result(self, answer: httpx.Response) -> SendResult:
        """Judges an answer; only one that says that nothing was accepted allows another try.

        Where a gateway answers in the provider's place, nobody can know what became of the message.
        """
        status = answer.status_code
        if answer.is_success:
            return SendResult(SendStatus.SENT)
        if status in NOT_ACCEPTED:
            return SendResult(SendStatus.DEFERRED, f"http_{status}")
        if status in OUR_FAULT:
            return SendResult(SendStatus.AWAY, f"http_{status}")
        if not 400 <= status < 500:
            return SendResult(SendStatus.UNCERTAIN, f"http_{status}")
        return self.refused(answer)

    async def deliver(self, parcel: Parcel, commit: Commit) -> SendResult | Refusal:
        """Tries once; a refusal that `commit` gives leaves the provider without a request."""
        text = parcel.words.sms_text
        if not text:
            return SendResult(SendStatus.FAILED, "no_sms_text")
        request = self.request(parcel, text)
        refusal = await commit()
        if refusal:
            return refusal
        reach("attempted before request")
        try:
            answer = await self._http.send(request)
        except NOT_SENT:
            return SendResult(SendStatus.AWAY, "unreachable")
        except httpx.HTTPError:
            return SendResult(SendStatus.UNCERTAIN, "lost_after_request")
        return self.result(answer)

    async def close(self) -> None:
        """Closes all connections."""
        await self._http.aclose()
