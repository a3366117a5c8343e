from pathlib import Path

from shared.runtime.new_keys import make


def files(directory: Path) -> dict[str, str]:
    found = [path for path in directory.rglob("*") if path.is_file()]
    return {str(path.relative_to(directory)): path.read_text() for path in found}


def test_each_service_has_what_it_needs_and_nothing_that_others_may_not_share(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "not" / "there yet"
    make(folder, "db:5432/notyet")
    made = files(folder)
    assert made.keys() == {
        *(f"{name}/database_url" for name in ("intake", "scheduler", "matcher", "notifier")),
        *(f"{name}/quarantine_key" for name in ("intake", "scheduler", "matcher", "notifier")),
        *(
            f"{name}/kafka_sasl_password"
            for name in ("intake", "scheduler", "matcher", "notifier", "topics")
        ),
        "intake/identity_key",
        "intake/link_key",
        "notifier/link_key",
        "notifier/suppression_key",
        "server/password",
        "migration/admin_database_url",
    }
    assert made["intake/link_key"] == made["notifier/link_key"]
    assert len(set(made.values())) == len(made) - 1
    assert made["matcher/database_url"].startswith("postgresql://notyet_matcher:")
    administrator = f"postgresql://postgres:{made['server/password']}@db:5432/notyet"
    assert made["migration/admin_database_url"] == administrator
    assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*") if path.is_file()} == {0}


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    make(tmp_path, "db:5432/notyet")
    made = files(tmp_path)
    (tmp_path / "scheduler" / "quarantine_key").unlink()
    make(tmp_path, "elsewhere:5432/notyet")
    again = files(tmp_path)
    assert {name for name in made if made[name] != again[name]} == {"scheduler/quarantine_key"}
