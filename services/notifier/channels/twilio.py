"""SMS through Twilio's Programmable Messaging REST API."""

from urllib.parse import urlencode

import httpx

from services.notifier.channels import Parcel
from services.notifier.channels.http_sms import ANSWER_SECONDS, Account, HttpSms
from services.notifier.domain import SendResult, SendStatus

BASE_URL = "https://api.twilio.com"

OPTED_OUT = 21610
NOT_A_MOBILE = frozenset({21211, 21214, 21217, 21614})
"""Twilio's codes for a number that cannot receive messages, now or later."""


class Twilio(HttpSms):
    """Delivers through one Twilio account."""

    def __init__(self, account: Account, timeout_seconds: float = ANSWER_SECONDS) -> None:
        auth = (account.name, account.token)
        super().__init__(account.base_url or BASE_URL, auth, timeout_seconds)
        self._path = f"/2010-04-01/Accounts/{account.name}/Messages.json"
        # A messaging service's id goes into a field of its own.
        field = "MessagingServiceSid" if account.sender.startswith("MG") else "From"
        self._from = {field: account.sender}
        self._status_url = f"{account.public_url.rstrip('/')}/v1/twilio/status"

    def request(self, parcel: Parcel, text: str) -> httpx.Request:
        about = urlencode({"message": parcel.message_id, "candidate": parcel.recipient_id})
        fields = {
            **self._from,
            "To": parcel.address,
            "Body": text,
            "StatusCallback": f"{self._status_url}?{about}",
        }
        return self._http.build_request("POST", self._path, data=fields)

    def refused(self, answer: httpx.Response) -> SendResult:
        """Judges by the code alone: Twilio's message may quote the number."""
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
