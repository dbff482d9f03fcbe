"""Tables beside the evidence: every column shows, and a long text takes more lines instead of running out of sight."""

from review_ui.fitted import LEAST, MOST_LINES, ROW, WIDTH, fitted

LONG = "Press stops for a refill of the hopper, and the terminal of the tester shows the summary of the sample"


def test_short_columns_keep_what_they_need_and_long_ones_share_the_rest() -> None:
    fits = fitted(("Time", "Text", "More"), [("2020-11-24T21:40", LONG, LONG)])
    assert sum(fits.widths.values()) <= WIDTH
    assert fits.widths["Time"] >= len("2020-11-24T21:40") * 7
    assert abs(fits.widths["Text"] - fits.widths["More"]) <= 1
    assert fits.row > 2 * ROW


def test_of_many_columns_the_words_stay_whole() -> None:
    columns = tuple(f"Column {number}" for number in range(10))
    fits = fitted(columns, [("2020-06-30", *([LONG] * 9))])
    assert fits.widths["Column 0"] >= len("2020-06-30") * 7
    assert min(fits.widths[name] for name in columns[1:]) >= LEAST


def test_a_table_that_fits_stays_as_low_as_ever_and_a_huge_text_does_not_fill_the_page() -> None:
    assert fitted(("Batch", "Value"), [("825", "5.91 %")]).row == ROW
    assert fitted(("Batch",), []).row == ROW
    assert fitted(("Text",), [(LONG * 50,)]).row < ROW * MOST_LINES
