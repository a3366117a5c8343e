from cryptography.fernet import Fernet

from shared.runtime.sealing import Seal

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_what_was_sealed_is_opened_by_its_key_also_once_that_is_a_former_one() -> None:
    sealed = Seal([OLD]).close(b"a secret")
    assert b"a secret" not in sealed
    assert Seal([NEW, OLD]).open(sealed) == b"a secret"
    assert Seal([OLD]).open(Seal([NEW, OLD]).close(b"newer")) is None


def test_what_nobody_sealed_is_not_opened() -> None:
    assert Seal([OLD]).open(b"a secret") is None
