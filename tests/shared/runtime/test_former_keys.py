from pathlib import Path

import pytest

from shared.runtime.environment import EnvironmentSettings
from shared.runtime.former_keys import FormerKeys, revealed


class Settings(EnvironmentSettings):
    keys_former: FormerKeys = ()


def test_former_keys_are_separated_by_commas_or_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Settings().keys_former == ()
    monkeypatch.setenv("NOTYET_KEYS_FORMER", "newer==, older")
    assert revealed(Settings().keys_former) == ("newer==", "older")
    monkeypatch.delenv("NOTYET_KEYS_FORMER")
    path = tmp_path / "keys"
    path.write_text("newer\nolder\n\n")
    monkeypatch.setenv("NOTYET_KEYS_FORMER_FILE", str(path))
    assert revealed(Settings().keys_former) == ("newer", "older")
    assert "newer" not in repr(Settings())
