"""Sentences about batches that were labelled before they were checked: counts, extremes, dates, statuses, comparisons, shares."""

import re

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon, read_lexicon
from drafting.checks.foreign.verdicts import Verdict

BATCHES = """
batch,product,manufactured_on,yield_percent,assay_percent,impurity_total_percent,dissolution_percent,tablet_weight_mg,disposition
17-0108,Nordilan,2024-01-08,97.3,99.4,0.21,91,251.2,released
17-0109,Nordilan,2024-01-22,98.1,100.2,0.18,93,250.4,released
17-0110,Nordilan,2024-02-05,96.8,99.0,0.33,88,249.6,released
17-0111,Nordilan,2024-02-19,97.9,98.6,0.25,90,250.9,released
17-0112,Nordilan,2024-03-04,94.1,97.2,0.47,82,246.3,rejected
17-0113,Nordilan,2024-03-18,98.4,99.8,0.19,94,250.0,released
17-0114,Nordilan,2024-04-02,97.0,99.1,0.22,92,251.8,released
17-0115,Nordilan,2024-04-16,95.2,98.9,0.29,89,252.0,rejected
17-0116,Nordilan,2024-05-06,98.8,100.0,0.17,95,250.2,released
17-0117,Nordilan,2024-05-21,97.5,99.6,0.24,91,250.7,quarantined
"""
DEVIATIONS = """
deviation,batch,opened_on,closed_on,class,area,status
DEV-24-003,17-0110,2024-02-06,2024-03-11,minor,granulation,closed
DEV-24-005,17-0112,2024-03-05,2024-04-30,major,compression,closed
DEV-24-006,17-0112,2024-03-07,2024-04-12,minor,coating,closed
DEV-24-009,17-0115,2024-04-17,,critical,compression,open
DEV-24-011,17-0117,2024-05-22,,minor,packaging,open
"""
COMPLAINTS = """
complaint,batch,received_on,category,outcome
C-101,17-0108,2024-03-20,broken tablet,confirmed
C-102,17-0109,2024-04-11,broken tablet,not confirmed
C-103,17-0108,2024-05-02,leaflet missing,confirmed
"""
SENTENCES = """
Two batches were rejected.
[[Four]] batches were rejected.
Seven batches were released and one was quarantined.
[[Eight]] batches were released and one was quarantined.
The lowest yield, 94.1 %, was that of batch 17-0112.
The lowest yield, [[95.2 %]], was that of batch 17-0112.
The highest assay was 100.2 % (batch 17-0109).
The highest assay was [[100.0 %]] (batch 17-0109).
Batch 17-0112 had the lowest dissolution, 82 %.
Batch 17-0115 had a yield of 95.2 % and a dissolution of [[98 %]].
Yields ranged from 94.1 % to 98.8 %.
Yields ranged from [[94.8 %]] to 98.8 %.
Total impurities lay between 0.17 % and 0.47 %.
Total impurities lay between 0.17 % and [[0.41 %]].
The mean assay was 99.18 %.
The mean assay was [[99.58 %]].
Five deviations were opened, two of which are still open.
Five deviations were opened, [[three]] of which are still open.
One deviation was classified as critical.
[[Two]] deviations were classified as critical.
Deviation DEV-24-005 concerned batch 17-0112 and was closed on 30 April 2024.
Deviation DEV-24-005 concerned batch 17-0112 and was closed on [[12 April 2024]].
Deviation DEV-24-009 is still open.
Deviation DEV-24-009 was [[closed]].
DEV-24-006 was a minor deviation in coating.
DEV-24-006 was a [[major]] deviation in coating.
Batch 17-0116 was manufactured on 6 May 2024 with a yield of 98.8 %.
Batch 17-0116 was manufactured on [[16 May 2024]] with a yield of 98.8 %.
The assay of batch 17-0111 (98.6 %) was lower than that of batch 17-0113 (99.8 %).
The assay of batch 17-0111 ([[98.9 %]]) was lower than that of batch 17-0113 (99.8 %).
Batches 17-0108 and 17-0117 both had a dissolution of 91 %.
Batches 17-0108 and 17-0116 had assays of 99.4 % and [[100.2 %]], respectively.
Three complaints were received, of which two were confirmed.
Three complaints were received, of which [[one]] was confirmed.
Complaint C-102 (batch 17-0109) was not confirmed.
Two complaints concerned broken tablets.
Nearly all batches had an assay above 98 %; only batch 17-0112, with 97.2 %, fell below it.
The tablet weight of batch 17-0115 was about 252 mg.
The tablet weight of batch 17-0112 was about [[256 mg]].
All batches but two were released or quarantined.
Batch 17-0112 was rejected because of low dissolution (82 %) and low assay (97.2 %).
Batch 17-0112 was rejected because of low dissolution ([[84 %]]) and low assay (97.2 %).
Dissolution was 88 % for batch 17-0110, 90 % for 17-0111 and [[85 %]] for 17-0112.
The yield fell from 97.9 % in batch 17-0111 to 94.1 % in batch 17-0112.
The yield fell from 97.9 % in batch 17-0111 to [[95.1 %]] in batch 17-0112.
Ten batches were manufactured between January and May 2024.
[[Twelve]] batches were manufactured between January and May 2024.
No batch was recalled.
Both rejected batches, 17-0112 and 17-0115, had deviations in compression.
Of the 10 batches, 7 (70 %) were released.
Of the 10 batches, [[8 (80 %)]] were released.
The assay was 99.8 % in batch 17-0113, 0.7 % more than in batch 17-0114.
The yield of batch 17-0109 was 98.1 %, and its assay was [[99.2 %]].
Batch 17-0110 was released; it had a yield of 96.8 % and an assay of 99.0 %.
Batch 17-0113 had the second highest yield, 98.4 %.
"""


@pytest.fixture(scope="module")
def index() -> Index:
    tables = {"batches.csv": BATCHES, "deviations.csv": DEVIATIONS, "complaints.csv": COMPLAINTS}
    rows = {name: [line.split(",") for line in text.strip().splitlines()] for name, text in tables.items()}
    return Index(assemble([Source(name, Contents((grid_of("", held),))) for name, held in rows.items()], Lexicon()))


@pytest.mark.parametrize("sentence", SENTENCES.strip().splitlines())
def test_exactly_what_is_wrong_in_a_sentence_blocks(index: Index, sentence: str) -> None:
    text = re.sub(r"\[\[|\]\]", "", sentence)
    wrong = re.findall(r"\[\[(.*?)\]\]", sentence)
    told = [j for j in judge(text, index) if j.verdict is Verdict.CONTRADICTED or j.nowhere]
    assert all(any(j.quote in span for span in wrong) for j in told)
    assert all(any(j.quote in span for j in told) for span in wrong)


FIELD = """
opposite = ["forced"]
differences = ["lead"]
decided = ["beat", "won"]
passing = ["run", "lead"]
parts = ["starter"]

[columns]
"players.goals" = ["goals"]
"teams.goals" = ["goals"]
"teams.goals_first" = ["goals first half"]
"teams.faults" = ["faults"]

[[pairs]]
table = "players"
columns = ["made", "tried"]
labels = ["shots"]

[[pairs]]
table = "teams"
columns = ["wins", "losses"]
labels = ["record"]
before = ["improve to"]

[[pairs]]
table = "teams"
columns = ["goals", "goals"]
labels = ["beat", "won", "led", "outscored", "lead"]

[[reaches]]
table = "players"
column = "goals"
least = 10
owner = "teams"
among = "team"
nouns = ["players"]
words = ["in double figures"]
"""
PLAYERS = """
player,team,goals,made,tried,passes
Ana Ash,Reds,12,5,8,3
Bo Birch,Reds,10,4,4,6
Cy Cedar,Blues,9,3,9,2
Di Doe,Blues,11,6,7,7
"""
TEAMS = """
team,goals,goals_first,faults,wins,losses
Reds,31,14,5,7,2
Blues,26,16,9,4,5
"""


@pytest.fixture(scope="module")
def game() -> Index:
    rows = {
        name: [line.split(",") for line in text.strip().splitlines()]
        for name, text in (("players.csv", PLAYERS), ("teams.csv", TEAMS))
    }
    lexicon = read_lexicon(FIELD.encode(), file="lexicon.toml")
    return Index(assemble([Source(name, Contents((grid_of("", held),))) for name, held in rows.items()], lexicon))


@pytest.mark.parametrize(
    "sentence",
    [
        "The Reds beat the Blues 31 - 26 to improve to 7 - 2.",
        "The Reds beat the Blues 31 - 26 to improve to 7 - [[3]].",
        "The Blues led 16 - 14 in the first half, but the Reds won by 5.",
        "The Blues led 16 - [[13]] in the first half, but the Reds won by [[6]].",
        "The Reds won 31 - 26 after a 4 - 0 run.",
        "Ash made 5 of her 8 shots, and Birch made all four of his shots.",
        "Ash made 5 of her [[9]] shots, and Birch made all [[five]] of his shots.",
        "Cedar missed six of his nine shots.",
        "Cedar missed [[four]] of his nine shots.",
        "The Reds outscored the Blues 31 - 26 but had 5 faults.",
        "The Reds outscored the Blues 31 - 26 but had [[9]] faults.",
        "The Reds forced 9 faults.",
        "The Reds had two players in double figures.",
        "The Blues had [[two]] players in double figures.",
        "Ash scored 12 goals for the Reds.",
        "The Reds won behind 12 goals and three passes from Ana Ash.",
        "Ash (12 goals) and Birch (10 goals, [[four]] passes) led.",
    ],
)
def test_scores_pairs_and_differences_are_read_in_their_own_clause(game: Index, sentence: str) -> None:
    text = re.sub(r"\[\[|\]\]", "", sentence)
    spans = [(m.start() - 4 * k, m.end() - 4 * k - 4) for k, m in enumerate(re.finditer(r"\[\[.*?\]\]", sentence))]
    told = [j for j in judge(text, game) if j.kind == "number" and (j.verdict is Verdict.CONTRADICTED or j.nowhere)]
    assert [(j.start, j.end) for j in told] == spans
