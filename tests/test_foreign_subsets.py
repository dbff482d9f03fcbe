"""Which rows a sentence means: kinds by a word of their description, values by the sheet of a condition, names right behind a word."""

import pytest
from strangers import index_of, outcome

TITLE = "Annual review 2024"
ROASTS = {
    "roast_log.csv": """
roast_no,recipe,roast_date,yield_pct,moisture_pct,remark
RO-101,Dark Espresso 1 kg,2024-01-08,84.1,1.2,
RO-102,Mild Filter 500 g,2024-01-15,86.0,1.9,
RO-103,Dark Espresso 1 kg,2024-02-05,83.5,1.1,
RO-104,Mild Filter 250 g,2024-02-19,87.2,2.1,bean lot changed
RO-105,Dark Espresso 1 kg,2024-03-04,82.7,1.4,
RO-106,Mild Filter 500 g,2024-03-18,86.9,2.0,
RO-107,Mild Filter 250 g,2024-04-02,,,stopped before roasting
"""
}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("supported", "The mean yield of the espresso roasts was 83.4 %."),
        ("stopped", "The mean yield of the espresso roasts was 86.7 %."),
        ("supported", "The moisture of the filter roasts ranged from 1.9 % to 2.1 %."),
        ("stopped", "The moisture of the tested filter roasts ranged from 1.1 % to 2.1 %."),
        ("supported", "The 3 roasted filter roasts had a mean yield of 86.7 %."),
        ("warned", "The 4 roasted filter roasts had a mean yield of 86.7 %."),
        ("stopped", "The 3 filter roasts had a mean yield of 85.7 %."),
        ("supported", "The espresso roasts had a mean yield of 83.4 %, with 82.7 % in roast RO-105."),
        ("stopped", "The espresso roasts had a mean yield of 84.9 %, with 82.7 % in roast RO-105."),
        ("warned", "The mean yield of the decaffeinated roasts was 86.9 %."),  # no description has this word
    ],
)
def test_a_word_of_a_description_says_which_rows_are_meant(expected: str, sentence: str) -> None:
    assert outcome(sentence, index_of(ROASTS), TITLE) == expected


HUES = "Study,Paint,Month,Gloss (GU),Adhesion (N)"
STORED = {
    "weathering_20C_50RH.csv": f"""
{HUES}
W-1,PNT-7,0,88.0,41
W-1,PNT-7,3,87.4,40
W-1,PNT-7,6,86.9,40
W-2,PNT-9,0,90.2,38
W-2,PNT-9,3,90.0,38
W-2,PNT-9,6,89.1,37
""",
    "weathering_45C_80RH.csv": f"""
{HUES}
W-1,PNT-7,0,88.0,41
W-1,PNT-7,3,84.1,36
W-1,PNT-7,6,79.5,33
W-2,PNT-9,0,90.2,38
W-2,PNT-9,3,88.3,35
W-2,PNT-9,6,85.6,34
""",
    "release.csv": """
Paint,Colour,Gloss (GU),Adhesion (N)
PNT-7,red,88.6,42
PNT-8,blue,91.0,44
PNT-9,white,90.9,39
""",
}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("supported", "The gloss of PNT-7 was 79.5 GU after six months at 45 °C/80 % RH."),
        ("stopped", "The gloss of PNT-7 was 86.9 GU after six months at 45 °C/80 % RH."),
        ("supported", "At 20 °C/50 % RH the gloss of PNT-7 was 86.9 GU after 6 months."),
        ("stopped", "At 20 °C/50 % RH the gloss of PNT-7 was 79.5 GU after 6 months."),
        ("supported", "The gloss of PNT-7 fell from 88.0 GU to 79.5 GU within six months at 45 °C/80 % RH."),
        ("stopped", "The gloss of PNT-7 fell from 88.0 GU to 81.5 GU within six months at 45 °C/80 % RH."),
        ("supported", "The gloss of PNT-9 was 85.6 GU after six months under accelerated conditions."),
        ("stopped", "The gloss of PNT-9 was 85.6 GU after six months of long-term storage."),
        ("supported", "The gloss of PNT-9 was 85.6 GU at 45 °C/80 % RH and 89.1 GU at 20 °C/50 % RH after six months."),
        ("supported", "The gloss of PNT-9 was 85.6 GU after six months."),  # the condition is not said: one of them has it
        ("stopped", "The gloss of PNT-9 was 85.6 GU after six months at 30 °C/65 % RH."),  # a condition of no table
        ("warned", "The gloss of PNT-9 was 84.1 GU after four months at 45 °C/80 % RH."),  # a time that has no row
        ("supported", "The gloss of PNT-7 was 88.6 GU at release."),
    ],
)
def test_a_condition_selects_the_table_that_is_called_by_it(expected: str, sentence: str) -> None:
    assert outcome(sentence, index_of(STORED), TITLE) == expected


BRINES = {
    "brine_batches.csv": """
Brine no,Recipe,Mixed on,pH,Salt (%),Standing time (h),Reject rate (%)
BR-1,Mild Pickle A,2024-02-01,3.9,4.1,20,1.0
BR-2,Mild Pickle A,2024-03-01,4.1,4.4,31,1.2
BR-3,Hot Pickle B,2024-04-01,3.2,6.0,26,1.4
BR-4,Hot Pickle B,2024-05-01,3.4,6.3,22,0.8
""",
    "specification.csv": """
Recipe,Parameter,Lower,Upper,Unit
Mild Pickle A,pH,3.8,4.2,
Hot Pickle B,pH,3.0,3.5,
Mild Pickle A,Salt,4.0,4.5,%
Hot Pickle B,Salt,5.5,6.5,%
Mild Pickle A,Brine hold time,,36,h
Hot Pickle B,Brine hold time,,24,h
""",
    "tank_cleaning.csv": """
After brine,Swab residue (mg),swab_limit_mg,Dirty time (h),dt_limit_h
BR-1,2.1,5,4,12
BR-2,6.4,5,9,12
BR-3,1.1,5,13,12
BR-4,0.9,5,8,12
""",
    "events.csv": """
Event,Brine no,Raised,Due date,Closed,Class
EV-1,BR-2,2024-03-05,2024-04-05,2024-04-02,minor
EV-2,BR-3,2024-04-03,2024-05-03,2024-05-09,critical
EV-3,BR-3,2024-04-09,2024-05-09,2024-05-10,minor
EV-4,BR-4,2024-05-03,2024-06-03,2024-06-01,major
""",
}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("supported", "The pH of the mild brines lay between 3.9 and 4.1 and thus within the specification of 3.8 to 4.2."),
        ("stopped", "The pH of the mild brines lay between 3.9 and 4.1 and thus within the specification of 3.8 to 4.0."),
        ("stopped", "The pH of the mild brines lay between 3.2 and 4.1 and thus within the specification of 3.8 to 4.2."),
        ("supported", "After brine BR-2 a swab residue of 6.4 mg exceeded the limit of 5 mg."),
        ("stopped", "After brine BR-3 a swab residue of 1.1 mg exceeded the limit of 5 mg."),
        ("supported", "Two of the four events, corresponding to 50 %, were closed after their due date."),
        ("stopped", "Two of the four events, corresponding to 40 %, were closed after their due date."),
        ("stopped", "Three of the four events, i.e. 75 %, were closed after their due date."),
        ("supported", "The minor event EV-1 and the critical event EV-2 were closed."),
        ("stopped", "The minor event EV-1 and the critical event EV-3 were closed."),
        (
            "warned",
            "The swab residue of brine BR-3 was kept for 26 hours and exceeded the limit of 12 hours.",
        ),  # of another figure
    ],
)
def test_limits_shares_and_words_right_before_a_name(expected: str, sentence: str) -> None:
    assert outcome(sentence, index_of(BRINES), TITLE) == expected


GLASS = {
    "furnace_runs.csv": """
Run no,Product,Fired on,Class,Fault report
GL-01,Float 4 mm,2024-01-04,major,FR-1
KL-01,Bottle 1 L,2024-01-09,minor,
GL-02,Float 4 mm,2024-02-05,minor,
KL-02,Bottle 1 L,2024-02-11,major,FR-2
GL-03,Float 4 mm,2024-03-06,minor,
""",
    "sand_use.csv": """
Run no,Sand lot,kg
GL-01,SN-7,400
KL-01,SN-8,310
GL-02,SN-7,410
KL-02,SN-8,290
GL-03,SN-7,395
""",
    "sand_lots.csv": """
Sand lot,Quarry,Status
SN-7,Nordkies,released
SN-8,Quarzwerk Sued,released
""",
    "fault_reports.csv": """
Fault report,Run no,Opened,Conclusion
FR-1,GL-01,2024-01-05,confirmed
FR-2,KL-02,2024-02-12,invalidated
FR-3,KL-02,2024-02-14,confirmed
FR-4,GL-01,2024-01-08,invalidated
""",
    "ageing_20C.csv": "Study,Run no,Month,Strength (MPa)\nA-1,GL-01,0,51.0\nA-1,GL-01,6,50.2\nA-2,KL-01,0,44.0\nA-2,KL-01,6,43.8",
    "ageing_60C.csv": "Study,Run no,Month,Strength (MPa)\nA-1,GL-01,0,51.0\nA-1,GL-01,6,47.1\nA-2,KL-01,0,44.0\nA-2,KL-01,6,44.9",
}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("supported", "Run GL-01 is linked to a fault report."),
        ("stopped", "Run GL-02 is linked to a fault report."),
        ("supported", "Run GL-02 is not linked to a fault report."),
        (
            "supported",
            "Sand lot SN-7 from Nordkies was used in runs GL-01 to GL-03.",
        ),  # the runs of the other name are none of these
        ("stopped", "Sand lot SN-7 from Nordkies was used in runs KL-01 to KL-02."),
        ("supported", "FR-1 for the faults of run GL-01 was confirmed."),
        ("stopped", "FR-1 for the faults of run GL-01 was invalidated."),
        ("supported", "The strength of GL-01 decreased during six months at 60 °C."),
        ("stopped", "The strength of GL-01 increased during six months at 60 °C."),
        ("stopped", "The strength of KL-01 decreased during six months at 60 °C."),
        ("supported", "The strength of KL-01 decreased during six months at 20 °C."),
        ("warned", "The strength of KL-01 decreased during six months."),  # at which temperature is open
        ("supported", "Sand lot SN-7 was used in three float runs."),
        ("stopped", "Sand lot SN-7 was used in two float runs."),
        ("stopped", "Sand lot SN-8 was used in three bottle runs."),
        ("warned", "Sand lot SN-7 was used in two tinted runs."),  # no description has this word
        ("warned", "The mean strength increased after the change of the sand in January 2024."),
    ],
)
def test_links_ranges_of_names_and_directions(expected: str, sentence: str) -> None:
    assert outcome(sentence, index_of(GLASS), TITLE) == expected


DAIRY = {
    "vat_log.csv": """
Vat no,Litres,UOM,HEAT_TEMP_MAX_C,HOLD_TIME_MIN,Stirrer,rennet_ml
VT-1,500,L,64.1,31,S-1,150
VT-2,700,L,66.8,30,S-2,210
VT-3,500,L,71.3,34,S-1,155
VT-4,700,L,65.0,29,S-2,205
""",
    "limits.csv": """
Parameter,Lower,Upper,Unit
Heating temperature,62,68,°C
Holding time,30,40,min
Rennet addition volume,,220,mL
""",
}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("supported", "The heating temperature of vat VT-3 was 71.3 °C."),
        ("stopped", "The heating temperature of vat VT-2 was 71.3 °C."),
        ("supported", "The heating temperature of vat VT-3 was 71.3 °C, above the limit of 68 °C."),
        ("stopped", "The heating temperature of vat VT-2 was 66.8 °C, above the limit of 68 °C."),
        ("supported", "The holding time of vat VT-4 was 29 minutes."),
        ("stopped", "The holding time of vat VT-4 was 33 minutes."),
        ("supported", "The rennet addition volume of vat VT-2 was 210 mL."),
        ("warned", "The curd temperature of vat VT-2 was 65.0 °C."),  # no header and no limit is called so
    ],
)
def test_a_parameter_of_limits_is_the_column_that_its_words_abbreviate(expected: str, sentence: str) -> None:
    assert outcome(sentence, index_of(DAIRY), TITLE) == expected


def test_a_denial_is_of_its_own_predicate() -> None:
    index = index_of(
        {"run.csv": "Run,Lead (ppm)\nR-1,0.9\nR-2,1.1\nR-3,0.4", "spec.csv": "Parameter,Lower,Upper,Unit\nLead,,10,ppm"}
    )
    assert (
        outcome("In the runs tested, lead did not exceed 1.1 ppm and thus stayed below the limit of 10 ppm.", index, TITLE)
        == "supported"
    )
    assert (
        outcome("In the runs tested, lead did not exceed 1.0 ppm and thus stayed below the limit of 10 ppm.", index, TITLE)
        == "stopped"
    )
