"""How clients log in is said once, and what does not go together is refused at the start."""

from pathlib import Path

import pytest
import typer

from shared.runtime.command_line import configured
from shared.runtime.kafka_settings import KafkaSettings
from tests.secured_broker import write_certificates

SCRAM = {
    "security_protocol": "SASL_SSL",
    "sasl_mechanism": "SCRAM-SHA-512",
    "sasl_username": "notyet-intake",
    "sasl_password": "secret",
}


def kafka(**given: object) -> KafkaSettings:
    return KafkaSettings(
        kafka_bootstrap_servers="kafka:9093",
        **{f"kafka_{name}": value for name, value in given.items()},  # type: ignore[arg-type]
    )


def test_nothing_more_than_an_address_is_needed_where_the_broker_asks_for_nothing() -> None:
    assert kafka().kafka_client() == {
        "bootstrap_servers": "kafka:9093",
        "security_protocol": "PLAINTEXT",
        "ssl_context": None,
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sasl_username": "a", "sasl_password": "b"}, "NOTYET_KAFKA_SECURITY_PROTOCOL=SASL_SSL"),
        ({"sasl_token_file": "/t"}, "NOTYET_KAFKA_SECURITY_PROTOCOL=SASL_SSL"),
        ({"security_protocol": "SASL_SSL"}, "set NOTYET_KAFKA_SASL_MECHANISM"),
        ({**SCRAM, "sasl_password": None}, "SCRAM-SHA-512 needs NOTYET_KAFKA_SASL_USERNAME"),
        ({**SCRAM, "sasl_mechanism": "OAUTHBEARER"}, "NOTYET_KAFKA_SASL_TOKEN_FILE"),
        ({**SCRAM, "sasl_token_file": "/t"}, "NOTYET_KAFKA_SASL_TOKEN_FILE"),
        (
            {
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "OAUTHBEARER",
                "sasl_token_file": "/none",
            },
            "no token for Kafka at /none",
        ),
        ({"ssl_ca_file": "/ca"}, "NOTYET_KAFKA_SECURITY_PROTOCOL=SSL or SASL_SSL"),
        ({"security_protocol": "SSL", "ssl_key_file": "/k"}, "needs NOTYET_KAFKA_SSL_CERT_FILE"),
        ({"ssl_key_password": "k"}, "KEY_PASSWORD opens a key: set NOTYET_KAFKA_SSL_KEY_FILE"),
    ],
)
def test_what_does_not_go_together_is_refused_with_what_to_do(
    given: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        kafka(**given)


def test_a_wrong_combination_is_one_line_and_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTYET_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
    monkeypatch.setenv("NOTYET_KAFKA_SASL_PASSWORD", "a-secret")
    with pytest.raises(typer.Exit):
        configured(KafkaSettings)
    told = capsys.readouterr().err
    assert told.startswith("The settings are not right: a login at Kafka needs")
    assert told.count("\n") == 1
    assert "a-secret" not in told


def test_a_secret_whose_file_is_missing_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTYET_KAFKA_SASL_PASSWORD_FILE", "/not/there")
    with pytest.raises(typer.Exit):
        configured(KafkaSettings)
    assert "NOTYET_KAFKA_SASL_PASSWORD_FILE names /not/there" in capsys.readouterr().err


def test_both_clients_are_given_the_same_login() -> None:
    settings = kafka(**SCRAM)
    security = settings.kafka_broker()["security"]
    ours = settings.kafka_client()
    assert (ours["sasl_mechanism"], ours["security_protocol"]) == ("SCRAM-SHA-512", "SASL_SSL")
    assert (security.username, security.password) == ("notyet-intake", "secret")
    assert security.use_ssl
    assert ours["ssl_context"].check_hostname


async def test_a_token_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("first\n")
    settings = kafka(
        security_protocol="SASL_SSL", sasl_mechanism="OAUTHBEARER", sasl_token_file=path
    )
    tokens = settings.kafka_broker()["sasl_oauth_token_provider"]
    assert await tokens.token() == "first"
    path.write_text("second\n")
    assert await tokens.token() == "second"


def test_a_clients_own_certificate_is_loaded(tmp_path: Path) -> None:
    write_certificates(tmp_path, ("a",))
    settings = kafka(
        security_protocol="SSL",
        ssl_ca_file=tmp_path / "ca.pem",
        ssl_cert_file=tmp_path / "a.pem",
        ssl_key_file=tmp_path / "a.key",
    )
    (authority,) = settings.kafka_client()["ssl_context"].get_ca_certs()
    assert authority["subject"] == ((("commonName", "authority"),),)


@pytest.mark.parametrize("addresses", ["a:9092", "a.b-c.d:1,10.0.0.7:65535", "[::1]:9092, b:9093"])
def test_addresses_name_host_and_port(addresses: str) -> None:
    given = KafkaSettings(kafka_bootstrap_servers=addresses)
    assert given.kafka_client()["bootstrap_servers"] == addresses


@pytest.mark.parametrize(
    "addresses", ["", "kafka", "kafka:0", "kafka:99999", "a:1,,b:2", "http://a:1"]
)
def test_what_no_client_could_ever_reach_is_refused(
    addresses: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        configured(KafkaSettings, kafka_bootstrap_servers=addresses)
    assert "HOST:PORT" in capsys.readouterr().err


def test_a_refused_value_is_told_as_it_has_to_be_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit):
        configured(KafkaSettings, kafka_bootstrap_servers="a:1", kafka_security_protocol="ssl")
    assert "'SASL_SSL'" in capsys.readouterr().err
