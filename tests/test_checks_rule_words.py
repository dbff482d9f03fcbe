"""Words and their references: a sentence of the rules holds what the rules say, and words of others name what they refer to."""

import random

import pytest

from benchmarks.draft_plants import by_reference, like_figure, like_record
from benchmarks.drafted import SEED, Drafted, drafts, edited
from drafting.checks import binding, engine
from drafting.checks.meanings import features_of
from drafting.checks.places import is_fact, places
from drafting.checks.rule_words import by_rules
from drafting.checks.spoken import form
from drafting.model import Origin, Sentence, Severity, Span
from drafting.render import REFERENCE, known, printed, render

FIGURES = 300


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Drafted]:
    return drafts(str(tmp_path_factory.mktemp("home")))[0]


def blocks(sentence: Sentence, draft: Drafted) -> list[str]:
    found = engine.check_sentence(sentence, draft.pack, origin=Origin.PERSON)
    return [f.message for f in found if f.severity is Severity.BLOCKS]


def swapped(sentence: Sentence, number: int, ref: str, draft: Drafted) -> Sentence:
    template, refs = sentence.template, REFERENCE.findall(sentence.template)
    parts = REFERENCE.sub("\0", template).split("\0")
    refs[number] = ref
    return render("".join(a + b for a, b in zip(parts, [*(f"{{{r}}}" for r in refs), ""], strict=True)), draft.pack)


def one(made: list[Drafted], start: str) -> tuple[Drafted, Sentence]:
    return next((d, s) for d in made for s in d.sentences if s.text.startswith(start))


def test_nothing_that_the_rules_say_is_stopped(made: list[Drafted]) -> None:
    assert [(d.outline.key, f.message) for d in made for f in d.blocking()] == []


def test_the_lexicon_by_itself_stops_nothing_that_the_rules_say(made: list[Drafted]) -> None:
    """The second control of the rules: their own words name what they refer to."""
    assert [(said, s.text) for d in made for s in d.sentences for _, said in binding.by_lexicon(s, d.pack)] == []


def test_each_figure_that_the_rules_say_is_described(made: list[Drafted]) -> None:
    """A figure of no row is known by the word of its id alone: say what the words call it, where the rules print it."""
    said = {p.name for d in made for s in d.sentences for p in places(s) if is_fact(p) and form(d.pack.facts[p.name])}
    unnamed = {n for n in said if not any(features_of(n))}
    assert {n for n in unnamed if not n.startswith(("before.", "result."))} == set()


@pytest.mark.parametrize("fits", [like_figure, like_record])
def test_a_true_reference_in_the_place_of_another_is_stopped(made: list[Drafted], fits: object) -> None:
    drafted = [d for d in made if by_rules(d.pack)]
    rng, make, tried, missed = random.Random(SEED), by_reference(fits), 0, []  # type: ignore[arg-type]
    while tried < FIGURES:
        plant = make(rng, rng.choice(drafted))
        if plant is not None:
            tried += 1
            missed += [] if plant.caught() else [plant]
    assert len(missed) <= FIGURES // 100, [p.altered and p.altered.text for p in missed]


def test_a_list_that_is_shorter_or_in_another_order_is_still_that_of_the_rules(made: list[Drafted]) -> None:
    draft, sentence = next(
        (d, s) for d in made for s in d.sentences if s.text.startswith("Beyond control limits of") and s.text.count(";") > 2
    )
    lead, first, second, *_ = sentence.template.rstrip(".").split(";")
    said = render(f"{lead};{second};{first}.", draft.pack)
    assert blocks(said, draft) == []
    twice = render(f"{lead};{first};{first}.", draft.pack)
    assert engine.check_sentence(twice, draft.pack, origin=Origin.PERSON)


def test_the_words_of_the_rules_about_another_record_are_not_stopped(made: list[Drafted]) -> None:
    draft, sentence = one(made, "DEV-")
    key = REFERENCE.findall(sentence.template)[0].removeprefix("record:")
    other = next(
        k for k in draft.pack.records if k.startswith("deviation/") and k != key and f"record:{k}" not in sentence.template
    )
    refs = REFERENCE.findall(sentence.template.replace(key, other))
    if all(known(r, draft.pack) for r in refs):
        assert not [m for m in blocks(render(sentence.template.replace(key, other), draft.pack), draft) if "stand for" in m]
    alone = swapped(sentence, 0, f"record:{other}", draft)
    assert blocks(alone, draft)


@pytest.mark.parametrize("held_out", [False, True])
def test_true_sentences_in_a_writers_words_are_seldom_stopped(made: list[Drafted], *, held_out: bool) -> None:
    written = edited(made, held_out=held_out)
    assert len(written) >= 100
    stopped = [d.sentences[0].text for d in written if blocks(d.sentences[0], d)]
    assert len(stopped) <= len(written) * (0.04 if held_out else 0.01), stopped


@pytest.mark.parametrize("held_out", [False, True])
def test_a_figure_of_something_else_in_a_writers_words_is_stopped(made: list[Drafted], *, held_out: bool) -> None:
    written = [d for d in edited(made, held_out=held_out) if not blocks(d.sentences[0], d)]
    rng, make, tried, missed = random.Random(SEED), by_reference(like_figure), 0, []
    while tried < FIGURES:
        plant = make(rng, rng.choice(written))
        if plant is not None:
            tried += 1
            missed += [] if plant.caught() else [plant]
    assert len(missed) <= FIGURES // 100, [p.altered and p.altered.text for p in missed]


def test_a_figure_of_a_narrower_scope_needs_its_scope_in_words(made: list[Drafted]) -> None:
    draft = next(d for d in made if any(n.startswith("recent.") and n.endswith(".mean") for n in d.pack.facts))
    name = next(n for n in draft.pack.facts if n.startswith("recent.") and n.endswith(".mean"))
    shown = printed(f"fact:{name}", draft.pack)
    label = draft.pack.facts[f"{name.split('.')[1]}.attribute"].value
    for lead, fine in ((f"The batches before it have a mean {label} of ", True), (f"The mean {label} was ", False)):
        said = Sentence(f"{lead}{shown}.", (Span(len(lead), len(lead) + len(shown), f"fact:{name}"),), (f"fact:{name}",))
        assert (not blocks(said, draft)) is fine
