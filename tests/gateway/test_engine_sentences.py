"""Sentences are their English, remember how it was made, and can be told by other templates."""

import copy
import json
import pickle
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.engine.sentences import Sentence, counted, joined, phrase, restored, sentence, stored
from gateway.exceptions import FieldError

NAMES = ("kind", "name", "place")
WORDS = st.text() | st.integers() | st.floats(allow_nan=False)
LITERALS = st.text(st.characters(exclude_characters="{}"), max_size=5)


@st.composite
def templates(draw):
    """A template that has each of the names once, and the words that fill it."""
    template = "".join(draw(LITERALS) + f"{{{name}}}" for name in NAMES) + draw(LITERALS)
    return template, {name: draw(WORDS) for name in NAMES}


@st.composite
def sentences(draw, parts):
    """A sentence among whose words there may be others."""
    template, words = draw(templates())
    words |= draw(st.dictionaries(st.sampled_from(NAMES), parts))
    if draw(st.booleans()):
        return counted(template, f"{template}s", count=draw(st.integers()), **words)
    return Sentence(template, words, is_whole=draw(st.booleans()))


NESTED = st.recursive(sentences(st.text()), sentences, max_leaves=4)
TEXTS = st.text() | NESTED
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=3), parts, max_size=3),
    max_leaves=5,
)


def made_of(value):
    """What is remembered of a value, as plain data: a float among words by its text."""
    match value:
        case Sentence():
            words = {
                name: str(word) if isinstance(word, float) else made_of(word) for name, word in value.words.items()
            }
            return (str(value), value.template, words, value.plural, value.is_whole)
        case dict():
            return {key: made_of(part) for key, part in value.items()}
        case list():
            return [made_of(part) for part in value]
    return value


KOREAN = {
    "{noun} has no field {field}{nearest}.": "{noun}에는 필드 {field}이(가) 없습니다{nearest}.",
    "an object type": "객체 유형",
    "; the nearest is {word}": "(가장 비슷한 것: {word})",
}


def in_korean(found: Sentence) -> str:
    return KOREAN[found.template]


def unknown_field(field: str, nearest: str = "") -> Sentence:
    return sentence(
        "{noun} has no field {field}{nearest}.", noun=phrase("an object type"), field=field, nearest=nearest
    )


@given(templates())
def test_a_sentence_is_its_template_with_its_words(made):
    template, words = made
    expected = "".join(
        literal + (str(words[name]) if name else "") for literal, name, *_ in string.Formatter().parse(template)
    )
    found = sentence(template, **words)
    assert found == expected
    assert (hash(found), f"{found}", json.loads(json.dumps({found: found}))) == (
        hash(expected),
        expected,
        {expected: expected},
    )
    assert (found.template, found.words) == (template, words)


@given(templates(), st.booleans())
def test_copies_remember_as_much(made, is_whole):
    template, words = made
    found = Sentence(template, words, is_whole=is_whole)
    for same in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert type(same) is Sentence
        assert same == found
        assert (same.template, same.words, same.is_whole) == (template, words, is_whole)


@given(VALUES)
def test_what_is_stored_as_json_is_restored_as_it_was_made(value):
    assert made_of(restored(json.loads(json.dumps(stored(value), allow_nan=False)))) == made_of(value)


@given(NESTED)
def test_a_restored_sentence_is_told_like_the_one_that_was_stored(found):
    def backwards(each: Sentence) -> str:
        return " ".join(f"{{{name}}}" for name in reversed(each.words))

    assert restored(stored(found)).retold(backwards) == found.retold(backwards)


@pytest.mark.parametrize("text", ["", "name", "{name}", "It left."])
def test_a_plain_text_is_stored_as_it_is(text):
    assert (stored(text), restored(text)) == (text, text)


def test_data_classes_keep_sentences():
    error = FieldError("/name", "TAKEN", unknown_field("'a'"))
    assert isinstance(replace(error, field="/to").message, Sentence)
    assert isinstance(error.to_json()["message"], Sentence)


def test_it_is_told_by_other_templates_with_its_words_told_too():
    found = unknown_field("'propertis'", phrase("; the nearest is {word}", word="'properties'"))
    assert found == "An object type has no field 'propertis'; the nearest is 'properties'."
    assert found.retold(in_korean) == "객체 유형에는 필드 'propertis'이(가) 없습니다(가장 비슷한 것: 'properties')."
    assert found.retold(lambda each: each.template) == found


@pytest.mark.parametrize("word", ["{noun}", "{", "}", "{0}", "{field.__class__}", "{{x}}", "%s"])
def test_braces_in_words_are_never_filled(word):
    inner = phrase("; the nearest is {word}", word=word)
    found = unknown_field(word, inner)
    assert found == f"An object type has no field {word}; the nearest is {word}."
    assert found.retold(in_korean) == f"객체 유형에는 필드 {word}이(가) 없습니다(가장 비슷한 것: {word})."


def test_without_words_a_template_is_taken_as_it_stands():
    found = sentence("A branch's name does not hold @{ and is not @.")
    assert found == "A branch's name does not hold @{ and is not @."
    assert found.retold(lambda _: "{}") == "{}"


def test_a_whole_sentence_begins_with_a_capital_where_it_begins_with_a_part_of_one():
    part = phrase("the value")
    assert sentence("{noun} must be there.", noun=part) == "The value must be there."
    assert sentence("{name} has moved.", name="main") == "main has moved."
    assert phrase("{noun} must be there", noun=part) == "the value must be there"
    assert sentence("{noun} must be there.", noun=part).retold(
        lambda each: each.template.replace("must", "has to")
    ) == ("The value has to be there.")


@pytest.mark.parametrize(("count", "text"), [(0, "0 places."), (1, "1 place."), (2, "2 places.")])
def test_a_number_decides_on_the_form(count, text):
    found = counted("{count} place.", "{count} places.", count=count)
    assert found == text
    assert pickle.loads(pickle.dumps(found)).plural == "{count} places."


@pytest.mark.parametrize(("parts", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a or b or c")])
def test_parts_are_joined_two_by_two(parts, text):
    assert joined("{first} or {second}", parts) == text
    phrases = joined("{first} or {second}", map(phrase, parts))
    assert isinstance(phrases, Sentence)
    assert phrases.retold(lambda each: each.template.replace("or", "또는")) == text.replace("or", "또는")
