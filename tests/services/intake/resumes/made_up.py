"""Files of résumés of nobody, and files that only look like one."""

import io
import zipfile
from collections.abc import Sequence

from pypdf import PdfWriter

LINES = ("Mira Okafor", "Order picker at Hafenwerk since 2022", "Forklift licence")

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_TYPES = "application/vnd.ms-word.document.macroEnabled.main+xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*lines: str, pages: int = 1) -> bytes:
    """Returns a PDF with these lines on each page, as a text editor would write it."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    return pdf_of(f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET".encode("latin-1"), pages=pages)


def pdf_of(content: bytes, *, pages: int = 1, filters: str = "") -> bytes:
    """Returns a PDF whose pages all show the same stream."""
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 3 0 R"
    page += b"/Resources<</Font<</F1 4 0 R>>>>>>"
    head = f"<</Length {len(content)}{filters}>>stream\n".encode()
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        head + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * pages,
    )


def written(*objects: bytes) -> bytes:
    """Returns a PDF of these objects, the first of which is its catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def protected(password: str) -> bytes:
    """Returns a PDF that opens with a password."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf(*LINES)))
    writer.encrypt(user_password=password, owner_password="another", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(*paragraphs: str, body: str = "", prologue: str = "", types: str = _TYPES) -> bytes:
    """Returns a Word file with these paragraphs, and whatever else its body is to hold."""
    inside = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    document = f'{prologue}<w:document xmlns:w="{_WORD}"><w:body>{inside}{body}</w:body>'
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/><Default Extension="bin" ContentType="application/octet"/>'
            f'<Override PartName="/word/document.xml" ContentType="{types}"/></Types>',
            "_rels/.rels": related("word/document.xml", "officeDocument"),
            "word/document.xml": f"{document}</w:document>",
            "word/_rels/document.xml.rels": related(
                "http://127.0.0.1:9/template.dotm", "attachedTemplate", ' TargetMode="External"'
            ),
        }
    )


def related(target: str, kind: str, more: str = "") -> str:
    return (
        f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="rId1" Type="{_OFFICE}/{kind}"'
        f' Target="{target}"{more}/></Relationships>'
    )


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def table(rows: Sequence[Sequence[str]]) -> str:
    """Returns a table as it stands in a Word file's body."""
    cells = [
        "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row)
        for row in rows
    ]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
