import base64
import gzip
import json
import textwrap
import zlib
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.readings import LITTLE, MOST_TIMES_THE_SIZE, readings

WHO = 'Zoë "Canary" Okafor'
UTF8 = WHO.encode()


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(each):04x}" for each in text)


PACKED = {
    "as it is": UTF8,
    "in Latin-1": WHO.encode("latin-1"),
    "in UTF-16": WHO.encode("utf-16"),
    "in UTF-16, the high byte first, after one other byte": b"x" + WHO.encode("utf-16-be"),
    "escaped in JSON": json.dumps({"name": WHO}).encode(),
    "every character escaped": f'"{escaped(WHO)}'.encode(),
    "JSON in JSON": json.dumps({"data": json.dumps({"name": WHO})}).encode(),
    "in a URL": quote(WHO).encode(),
    "in a form": b"a=b&name=" + quote_plus(WHO).encode(),
    "as entities": "".join(f"&#{ord(each)};" for each in WHO).encode(),
    "as mail writes it": b"Zo=C3=AB =22Canary=22 Oka=\nfor",
    "in Base64": b'{"data_base64": "' + base64.b64encode(UTF8),
    "in Base64 for URLs": base64.urlsafe_b64encode(UTF8).rstrip(b"="),
    "in lines of Base64": base64.encodebytes(b"x" * 50 + b" " + UTF8),
    "UTF-16 in Base64": base64.b64encode(WHO.encode("utf-16-le")),
    "JSON in Base64": base64.b64encode(json.dumps({"name": WHO}).encode()),
    "Base64 in Base64 in JSON": json.dumps(
        base64.b64encode(base64.b64encode(UTF8)).decode()
    ).encode(),
    "compressed": gzip.compress(UTF8),
    "as named entities": WHO.replace("ë", "&euml;").replace('"', "&quot;").encode(),
    "with what nobody sees in it": "\u200b".join(WHO).replace("C", "C\u00ad").encode(),
    "as Node writes bytes": json.dumps({"type": "Buffer", "data": list(UTF8)}).encode(),
    "as numbers, each in its line": json.dumps({"data": list(UTF8)}, indent=2).encode(),
    "compressed by zlib": zlib.compress(UTF8),
    "compressed by zlib, in Base64": base64.b64encode(zlib.compress(UTF8)),
    **{
        f"in lines of {width} of Base64": "\r\n".join(
            textwrap.wrap(base64.b64encode(b"x" * 50 + b" " + UTF8 + b" " * 30).decode(), width)
        ).encode()
        for width in (20, 32, 40, 48, 50, 57)
    },
    "in lines of Base64 in JSON": json.dumps(
        {"applicantIdentifier": base64.encodebytes(b"y" * 55 + UTF8).decode()}
    ).encode(),
    "compressed, in Base64": base64.b64encode(gzip.compress(UTF8)),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_name_is_read_however_it_is_packed(how: str) -> None:
    assert any(WHO in text for text in readings(PACKED[how])), list(readings(PACKED[how]))


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Šimon Žák", "cp1252"), ("Jiří Dvořák", "cp1250"), ("Renée Šœur – Ÿ", "cp1252")],
)
def test_a_name_is_read_in_an_encoding_of_windows(name: str, encoding: str) -> None:
    assert any(name in text for text in readings(f'{{"name": "{name}", "'.encode(encoding)))
    assert any(name in text for text in readings(name.encode(encoding)))


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_within_a_bound_and_nothing_twice(raw: bytes) -> None:
    found = list(readings(raw))
    assert len(found) == len(set(found))
    assert sum(map(len, found)) <= MOST_TIMES_THE_SIZE * len(raw) + LITTLE
