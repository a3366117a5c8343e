"""Amazon's certificates that signed something genuine, kept so that each is fetched once at all."""

from datetime import datetime
from pathlib import Path

from services.intake.webhooks.mail.sns import Certificate
from shared.runtime.postgres import Database
from shared.runtime.sql import Queries

AT_A_TIME = 1000

_queries = Queries(Path(__file__).with_name("certificates.sql"))


class KeptCertificates:
    """Those of all processes, by where they came from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, url: str) -> bytes | None:
        """Returns a certificate that was kept."""
        async with self._database.connection() as conn:
            found: bytes | None = await _queries.find(conn, url=url)
        return found

    async def keep(self, url: str, certificate: Certificate) -> None:
        """Keeps a certificate until it runs out."""
        async with self._database.transaction() as conn:
            await _queries.keep(conn, url=url, pem=certificate.pem, until=certificate.until)


async def forget_certificates(database: Database, now: datetime) -> bool:
    """Deletes certificates that have run out."""
    async with database.transaction() as conn:
        return len(await _queries.forget(conn, now=now, limit=AT_A_TIME)) == AT_A_TIME
