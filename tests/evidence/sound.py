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

ANIML = b"""<AnIML xmlns="urn:org:astm:animl:schema:core:draft:0.90" version="0.90">
<SampleSet><Sample name="Lot 17-031" sampleID="s1" barcode="0731"><Category name="Description">
<Parameter name="batch" parameterType="String"><S>B-0077</S></Parameter></Category></Sample></SampleSet>
<ExperimentStepSet><ExperimentStep name="Dissolution" experimentStepID="e1"><Technique name="UV/Vis" uri="urn:uv"/>
<Infrastructure><SampleReferenceSet><SampleReference sampleID="s1" role="test sample" samplePurpose="consumed"/></SampleReferenceSet></Infrastructure>
<Method name="DIS-4"><Device><Name>UV-2600</Name></Device></Method>
<Result name="Profile"><SeriesSet name="Released" length="3">
<Series name="Time" dependency="independent" seriesID="t" seriesType="Int32"><IndividualValueSet><I>10</I><I>20</I><I>30</I></IndividualValueSet><Unit label="min" quantity="time"/></Series>
<Series name="Amount" dependency="dependent" seriesID="a" seriesType="Float64"><IndividualValueSet><D>45.10</D><D>81.25</D><D>97.00</D></IndividualValueSet><Unit label="%"/></Series>
<Series name="Absorbance" dependency="dependent" seriesID="b" seriesType="Float32"><EncodedValueSet>AACAPwAAAEAAAEBA</EncodedValueSet></Series>
</SeriesSet><Category name="Conclusion"><Parameter name="Q value" parameterType="Float64"><D>97.00</D><Unit label="%"/></Parameter></Category></Result>
</ExperimentStep></ExperimentStepSet></AnIML>"""


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
    ".animl": ANIML,
    ".json": JSON.encode(),
    ".jsonl": LINES.encode(),
    ".ndjson": LINES.encode(),
}
