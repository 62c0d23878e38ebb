"""What edges make of sentences."""

import pytest
from django.utils import translation

from gateway.engine.sentences import counted, phrase, sentence
from gateway.exceptions import Conflict, FieldError, NotFound
from gateway.http.problems import problem_body
from gateway.http.translation import translated, translated_json

ENDED = sentence("The session has ended.")
PLACES = counted(
    "{source} and {target} disagree in {count} place.",
    "{source} and {target} disagree in {count} places.",
    count=2,
    source="main",
    target="topic",
)


def test_a_sentence_is_told_in_the_language_of_the_reader():
    assert translated(ENDED) == "The session has ended."
    with translation.override("ko"):
        assert translated(ENDED) == "세션이 끝났습니다."
        assert translated(PLACES) == "main와(과) topic이(가) 2곳에서 충돌합니다."
        assert ENDED == "The session has ended."


@pytest.mark.parametrize("text", ["The session has ended.", "name", ""])
def test_any_other_text_is_as_it_was_given(text):
    with translation.override("ko"):
        assert translated(text) == text


def test_sentences_are_told_wherever_they_stand_in_json():
    value = {"a": [ENDED, {"b": ENDED}, ("name", 1, None, True)], "name": phrase("name")}
    with translation.override("ko"):
        told = translated_json(value)
    assert told == {"a": ["세션이 끝났습니다.", {"b": "세션이 끝났습니다."}, ["name", 1, None, True]], "name": "이름"}
    assert translated_json(value)["name"] == "name"


def test_an_error_is_english_and_its_problem_details_are_not():
    with translation.override("ko"):
        problem = Conflict(PLACES, errors=[FieldError("/a", "B", ENDED)])
        body = problem_body(problem)
    assert (str(problem), problem.errors[0].message) == (
        "main and topic disagree in 2 places.",
        "The session has ended.",
    )
    assert body["detail"] == "main와(과) topic이(가) 2곳에서 충돌합니다."
    assert body["errors"] == [{"field": "/a", "rule": "B", "message": "세션이 끝났습니다."}]


def test_what_an_error_says_by_itself_is_told_like_any_sentence():
    with translation.override("ko"):
        problem = NotFound()
        assert problem.detail == "There is no such thing here."
        assert problem_body(problem)["detail"] == problem_body(problem)["title"] == "여기에 그런 것이 없습니다."
