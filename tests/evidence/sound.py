"""A sound file of each kind that is imported."""

from collections.abc import Mapping
from email.message import EmailMessage

from office_files import docx, ods, ods_rows, word_table, xls, xlsx
from pdf_files import Pdf

Odd = tuple[str, bytes]  # file name, bytes
HEADER = ("Product code", "Batch Size (tablets)", "Normalisation factor")
ROWS = (HEADER, ("1", "240000", "7"), ("2", "1920000", "0.875"), ("3", "960000", "1.75"))
TEXT = "# Deviation DEV-2020-014\n\nThe press stopped at 09:12.\n\nA belt was worn.\n"
CSV = "\n".join(";".join(row) for row in ROWS) + "\n"
HTML = "<html><body><h1>DEV-2020-014</h1><p>A belt was worn.</p><table>{}</table></body></html>".format(
    "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS)
)
XML = (
    "<batches>"
    + "".join(f"<batch><id>B-{n}</id><yield unit='%'>{n}.5</yield></batch>" for n in range(90, 96))
    + "</batches>"
)
JSON = "[" + ", ".join(f'{{"batch": "B-{n}", "yield": {n}.50}}' for n in range(90, 96)) + "]"
LINES = "\n".join(f'{{"batch": "B-{n}", "yield": {n}.50}}' for n in range(90, 96)) + "\n"


def _mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Date"], message["Subject"] = (
        "qa@site.example",
        "Fri, 01 May 2020 13:30:00 +0200",
        "DEV-2020-014",
    )
    message.set_content("A belt was worn.\n")
    message.add_alternative(HTML, subtype="html")
    message.add_attachment(b"abc" * 100, maintype="application", subtype="pdf", filename="a.pdf")
    for number, part in enumerate(p for p in message.walk() if p.is_multipart()):
        part.set_boundary(f"part-{number}")
    return message.as_bytes()


def _pdf() -> bytes:
    page = Pdf().page()
    page.text(40, 60, "Deviation DEV-2020-014: a belt was worn.")
    page.table(40, 80, (120, 120, 120), ROWS)
    return page.bytes()


SOUND: Mapping[str, bytes] = {
    ".csv": CSV.encode(),
    ".tsv": CSV.replace(";", "\t").encode(),
    ".md": TEXT.encode(),
    ".txt": TEXT.encode(),
    ".xlsx": xlsx({"Data": ROWS}),
    ".xlsm": xlsx({"Data": ROWS}),
    ".xls": xls({"Data": ROWS}),
    ".ods": ods(ods_rows("Data", ROWS)),
    ".docx": docx("<w:p><w:r><w:t>A belt was worn.</w:t></w:r></w:p>" + word_table(ROWS)),
    ".html": HTML.encode(),
    ".htm": HTML.encode(),
    ".eml": _mail(),
    ".pdf": _pdf(),
    ".xml": XML.encode(),
    ".animl": XML.encode(),
    ".json": JSON.encode(),
    ".jsonl": LINES.encode(),
    ".ndjson": LINES.encode(),
}
