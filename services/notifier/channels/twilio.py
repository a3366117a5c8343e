"""SMS through Twilio's Programmable Messaging REST API."""

from urllib.parse import urlencode

import httpx

from services.notifier.channels import Parcel
from services.notifier.channels.http_sms import HttpSms
from services.notifier.domain import SendResult, SendStatus

OPTED_OUT = 21610
NOT_A_MOBILE = frozenset({21211, 21214, 21217, 21614})
"""Twilio's codes for a number that cannot receive messages, now or later."""

NOT_ACCEPTED = frozenset({429, 503})
"""Twilio's documents: too many requests, or not available; nothing was done, try again."""

OUR_FAULT = frozenset({401, 403, 404})
"""Wrong credentials, a suspended account, a wrong URL: no message's fault."""


class Twilio(HttpSms):
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
        super().__init__(base_url, (account_sid, auth_token), timeout_seconds)
        self._path = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
        # A messaging service's id goes into a field of its own.
        self._from = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        self._status_url = f"{public_url.rstrip('/')}/v1/twilio/status"

    def request(self, parcel: Parcel, text: str) -> httpx.Request:
        about = urlencode({"message": parcel.message_id, "candidate": parcel.recipient_id})
        fields = {
            **self._from,
            "To": parcel.address,
            "Body": text,
            "StatusCallback": f"{self._status_url}?{about}",
        }
        return self._http.build_request("POST", self._path, data=fields)

    def result(self, answer: httpx.Response) -> SendResult:
        """Judges by status and code alone: Twilio's message may quote the number.

        Where a gateway answers in Twilio's place, nobody can know what became of the message.
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
        code = _code(answer)
        if code == OPTED_OUT:
            return SendResult(SendStatus.FAILED, "opted_out", "opted_out")
        because = f"twilio_{code}"
        return SendResult(SendStatus.FAILED, because, "dead" if code in NOT_A_MOBILE else None)


def _code(answer: httpx.Response) -> int:
    try:
        return int(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return answer.status_code
