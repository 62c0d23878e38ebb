"""Which rules a password breaks, and the set that says what everybody knows."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine.blocklist import BUCKETS, MAGIC, Blocklist, BlocklistInvalid, blocklist_built
from accounts.engine.passwords import EASY, Policy, Rule, Spelt, broken_rules, guessable, units
from accounts.services.blocklist import BUILT_IN
from gateway.engine.text import folded

CONTEXT = ("alice", "alice.liddell@wonderland.example", "wonderland", "Alice Liddell", "oms")
BUILT = Blocklist.parse(BUILT_IN.read_bytes())


class Nothing:
    """Nobody knows any password."""

    def is_listed(self, text):
        return False

    def is_common(self, text):
        return False


def rules(password, policy=None, **given):
    broken = broken_rules(password, policy or Policy(), **{"known": BUILT, "context": CONTEXT, **given})
    return [each.rule for each in broken]


@pytest.mark.parametrize(
    "password",
    [
        "eleven purple bicycles",
        "correct horse battery staple",
        "steep-grind-bloom",
        "jelly umbrella gravel nine",
        "우리집 고양이는 츄르를 좋아해",
        "kfjwqpzxmgbtrne",
        "xK9$mQ2!pL7@nR4",
        "  a blank at both ends of it  ",
    ],
)
def test_what_is_hard_to_guess_is_fit(password):
    assert rules(password) == []


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("passwordpassword", Rule.KNOWN),
        ("qwertyuiop12345", Rule.KNOWN),
        ("1qaz2wsx3edc4rfv5tgb", Rule.KNOWN),
        ("QWERTYUIOP12345", Rule.KNOWN),
        ("P@ssw0rdP@ssw0rd", Rule.KNOWN),
        ("11111111111111111111", Rule.KNOWN),
        ("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ", Rule.KNOWN),
        ("passwordpassword1", Rule.TOO_PREDICTABLE),
        ("passwordpasswordpassword", Rule.TOO_PREDICTABLE),
        ("Password20242025!!", Rule.TOO_PREDICTABLE),
        ("password837261945", Rule.TOO_PREDICTABLE),
        ("!!!!!!!sunshine!!!!!!!", Rule.TOO_PREDICTABLE),
        ("summer winter 24", Rule.TOO_PREDICTABLE),
        ("dragon1dragon2dragon3", Rule.TOO_PREDICTABLE),
        ("abcdefghijklmnop1", Rule.TOO_PREDICTABLE),
        ("xyxyxyxyxyxyxyxyxyxy", Rule.TOO_PREDICTABLE),
        ("asdfghjkl;asdfghjkl;", Rule.TOO_PREDICTABLE),
        ("가나다라마바사아자차카타파하가", Rule.TOO_PREDICTABLE),
        ("alice.liddell12345"[:18] + "", Rule.TOO_SIMILAR),
        ("wonderland.Oms.Alice", Rule.TOO_SIMILAR),
        ("4lice_L1ddell_wonderland", Rule.TOO_SIMILAR),
        ("alicelidell@wonderland", Rule.TOO_SIMILAR),
    ],
)
def test_what_is_tried_first_is_refused(password, rule):
    assert rule in rules(password)


def test_reasons_are_told_where_the_length_fits():
    assert rules("password") == [Rule.TOO_SHORT]
    assert rules("password", has_factor=True) == [Rule.KNOWN]
    assert rules("gkwpqzrm", has_factor=True) == []


@pytest.mark.parametrize(("length", "broken"), [(14, [Rule.TOO_SHORT]), (15, []), (256, []), (257, [Rule.TOO_LONG])])
@pytest.mark.parametrize("alphabet", ["x", "가", "🐎"])
def test_characters_are_counted_as_code_points(alphabet, length, broken):
    assert rules(alphabet * length, Policy(blocklist=False)) == broken


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Gkwpq7zrm!xt", []),
        ("gkwpq7zrm!xt", [Rule.UPPERCASE]),
        ("GKWPQ7ZRM!XT", [Rule.LOWERCASE]),
        ("GkwpqXzrm!xt", [Rule.DIGITS]),
        ("Gkwpq7zrmxxt", [Rule.SYMBOLS]),
        ("가나다라마바", [Rule.TOO_SHORT, Rule.LOWERCASE, Rule.UPPERCASE, Rule.DIGITS, Rule.SYMBOLS]),
        ("Ägkwpq٣zrm xt", []),
    ],
)
def test_classes_that_an_enterprise_asks_for(password, broken):
    policy = Policy(min_length=12, min_lowercase=1, min_uppercase=1, min_digits=1, min_symbols=1)

    assert rules(password, policy) == broken


def test_a_policy_may_leave_the_blocklist_out():
    assert rules("passwordpassword", Policy(blocklist=False)) == []


@given(st.text(max_size=300))
def test_any_text_has_an_answer(password):
    for rule in rules(password):
        assert rule in Rule


@given(st.text(min_size=1, max_size=6), st.integers(2, 20))
def test_what_repeats_is_worth_no_more_than_what_it_repeats(unit, times):
    once, again = (units(Spelt(text), BUILT.is_common) for text in (unit, unit * times))

    assert again <= once or min(once, again) > EASY


@given(st.sampled_from(["dragon", "sunshine", "football"]), st.text("0123456789!?$%", min_size=8, max_size=30))
def test_padding_makes_no_password_of_a_word(word, padding):
    assert guessable(word + padding, known=BUILT)
    assert guessable(padding + word.upper(), known=BUILT)


@given(
    st.text(
        "bcdfghjkmnpqrtvwxz",
        min_size=15,
        max_size=40,
    ).filter(lambda text: len(set(text)) > 9)
)
def test_where_nothing_is_known_random_letters_are_fit(password):
    reasons = guessable(password, known=Nothing())

    assert reasons == [] or units(Spelt(password), Nothing().is_common) <= EASY


@given(st.text(min_size=1, max_size=40))
def test_normal_forms_and_case_are_one_to_the_list(text):
    built = Blocklist.parse(blocklist_built(["test"], [text], []))

    for form in ("NFC", "NFD"):
        assert built.is_listed(folded(unicodedata.normalize(form, text)))


def test_a_built_list_has_what_it_was_built_of():
    content = blocklist_built(["mine", "yours"], ["Passwort-von-allen", "passwort-VON-allen"], ["drache"])
    built = Blocklist.parse(content)

    assert (built.sources, built.entries) == (("mine", "yours"), 2)
    assert built.is_listed("passwort-von-allen")
    assert not built.is_common("passwort-von-allen")
    assert built.is_common("drache")
    assert not built.is_listed("drache")
    assert content == blocklist_built(["mine", "yours"], ["passwort-von-allen"], ["drache"])


@pytest.mark.parametrize(
    "content", [b"", b"x", MAGIC, MAGIC + b"{}\n" + bytes(BUCKETS), MAGIC + b"[]\n" + b"\1" * BUCKETS]
)
def test_another_file_is_no_blocklist(content):
    with pytest.raises(BlocklistInvalid):
        Blocklist.parse(content)


def test_the_built_in_list_covers_long_passwords_and_says_where_it_is_from():
    assert BUILT.entries > 480_000
    assert all("SecLists" in source for source in BUILT.sources)
    assert BUILT_IN.stat().st_size < 1_600_000
    absent = sum(BUILT.is_listed(f"{number}-is-in-no-list-of-passwords") for number in range(20_000))
    assert absent == 0
