"""Which number formats show a number as per cent, and which styles of a workbook have one.

The builtin formats are those of Excel (ECMA-376, 18.8.30; [MS-XLS] 2.4.126); any other is told by its code.
"""

import re
import zipfile

from corpus.readers import package

BUILTIN = (9, 10)  # 0% and 0.00%
_NO_SIGN = re.compile(r'"[^"]*"?|[\\_*].|\[[^\]]*\]', re.DOTALL)  # quoted, escaped, as a width or filling, or of a currency
_NUMBERS = 3  # sections of a code that are of numbers: positive, negative, zero
_STYLES = "xl/styles.xml"
_MAY_BE = re.compile(rb"""%|numFmtId\s*=\s*["'](?:9|10)["']""")


def is_percent(code: str) -> bool:
    """Tell whether a format's code shows numbers as per cent: an unquoted, unescaped sign in a section of numbers."""
    return "%" in "".join(_NO_SIGN.sub("", code).split(";")[:_NUMBERS])


def of_package(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the styles of cells of an .xlsx workbook that have a format of per cent, as its cells name them."""
    if _STYLES not in archive.namelist():
        return frozenset()
    xml = package.part(archive, _STYLES)
    if _MAY_BE.search(xml) is None:
        return frozenset()
    root = package.parsed(xml)
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iterfind("{*}numFmts/{*}numFmt")}
    percent = {key for key, code in codes.items() if is_percent(code)} | {str(n) for n in BUILTIN if str(n) not in codes}
    styles = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(str(number) for number, style in styles if style.get("numFmtId") in percent)
