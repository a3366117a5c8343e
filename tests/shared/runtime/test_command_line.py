import pytest

from shared.runtime.command_line import CommandLine


def test_a_fault_of_a_command_is_printed_as_text_whatever_its_message_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = CommandLine()

    @app.command()
    def command() -> None:
        raise ValueError("[red]x[/] \x1b[2J \u202e")

    with pytest.raises(SystemExit) as ended:
        app([])
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("Traceback")
    assert said.endswith("ValueError: [red]x[/] �[2J �\n")
    assert all(line.isprintable() for line in said.split("\n"))
