"""What is kept encrypted: sealed with a service's own key, opened with its former ones too."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Seal:
    """Seals with the first of the keys, and opens what any of them has sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(each) for each in keys])

    def close(self, plain: bytes) -> bytes:
        """Returns the bytes as nobody reads them without the key."""
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes | None:
        """Returns what was sealed, or None if it was with a key that is not known."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            return None
