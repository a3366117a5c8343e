import json
import logging

import pytest
import structlog

from shared.runtime.telemetry import _ToStructlog, redact, set_up_logging


@pytest.mark.parametrize("text", ["ada@example.org", "<ada.l+x@ex.co>", "+43 660 1234567"])
def test_addresses_and_numbers_are_blotted_out(text: str) -> None:
    assert text not in redact(f"sent to {text} today")


def test_a_log_line_is_json_and_holds_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("intake", "info")
    structlog.get_logger().warning("thing.happened", detail="for ada@example.org")
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "thing.happened"
    assert line["service"] == "intake"
    assert "ada" not in line["detail"]
    structlog.reset_defaults()


def test_a_library_that_repeats_itself_is_heard_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("intake", "info")
    handler = _ToStructlog()
    for name in 25 * ["client", "server"]:
        handler.emit(logging.LogRecord(name, logging.ERROR, "", 1, "to ada@example.org", (), None))
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["logger"] for line in lines] == ["client", "server"]
    assert "ada" not in "".join(lines)
    structlog.reset_defaults()
