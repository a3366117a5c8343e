"""The mail server of the sink: whatever is sent to whomever, it takes."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import HOST
from deploy.local.sink.mailbox import Mailbox


class _SmtpHandler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answers 250 when the message is kept, once for each recipient."""
        content = envelope.content or b""
        raw = content if isinstance(content, str) else content.decode(errors="surrogateescape")
        for recipient in envelope.rcpt_tos:
            self._mailbox.keep("email", envelope.mail_from or "", recipient, raw)
        return "250 2.0.0 Kept"


async def serve_smtp(mailbox: Mailbox, port: int) -> asyncio.Server:
    """Listens until the server that is given back is closed."""
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(
            _SmtpHandler(mailbox), enable_SMTPUTF8=True, hostname="sink.localhost", loop=loop
        )

    return await loop.create_server(protocol, HOST, port)
