"""Who may do what, and why: the policy by itself, and that the question and its explanation agree."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine.policy import Denial, Held, Origin, Standing, decide, is_pattern, matches
from accounts.engine.roles import GRANTS, OF_RESOURCES, PERMISSIONS
from accounts.models import APIKey, User
from accounts.selectors import explain
from history.models import Repository, Role, Visibility

roles = st.sampled_from(Role.values)
permissions = st.sampled_from(sorted(PERMISSIONS))
patterns = st.sampled_from(["**", "*", "object_type/*", "object_type/P*", "*/Code", "link_type/**"])
resources = st.sampled_from(["object_type/Person", "object_type/Company", "value_type/Code", "link_type/knows"])
groups = st.sampled_from(["", "cartographers"])
memberships = st.builds(Held, roles, st.just(Origin.MEMBERSHIP), groups)
grants = st.builds(Held, roles, st.just(Origin.GRANT), groups, patterns)
scopes = st.none() | st.lists(st.sampled_from(["*", "history.*", "merging.*", *sorted(PERMISSIONS)]), max_size=3)


@st.composite
def standings(draw):
    is_somewhere = draw(st.booleans())
    return Standing(
        is_active=draw(st.booleans()),
        role=draw(roles),
        scopes=None if (drawn := draw(scopes)) is None else tuple(drawn),
        in_repository=is_somewhere,
        is_private=is_somewhere and draw(st.booleans()),
        memberships=draw(st.frozensets(memberships, max_size=2)) if is_somewhere else frozenset(),
        grants=draw(st.frozensets(grants, max_size=3)) if is_somewhere else frozenset(),
    )


def as_rows(standing):
    """A user, and a repository or None, of which the rows would say this."""
    repository = Repository(visibility=Visibility.PRIVATE if standing.is_private else Visibility.INTERNAL)
    user = User(username="x", role=standing.role, is_active=standing.is_active)
    user.__dict__["_held"] = {repository.pk: standing.memberships | standing.grants}
    if standing.scopes is not None:
        user.credential = APIKey(user=user, scopes=list(standing.scopes))
    return user, repository if standing.in_repository else None


@given(standings(), permissions)
def test_the_question_and_its_explanation_agree(standing, permission):
    user, repository = as_rows(standing)

    explanation = explain(user, permission, repository)

    assert explanation.allowed is user.has_perm(permission, repository)
    assert explanation.reasons


@given(standings(), permissions, resources)
def test_what_is_allowed_on_a_resource_is_allowed_on_some(standing, permission, resource):
    if decide(permission, standing, resource).allowed:
        assert decide(permission, standing).allowed


@given(standings(), permissions, st.frozensets(grants, max_size=2))
def test_another_grant_takes_nothing_away_and_a_scope_gives_nothing(standing, permission, more):
    without_key = Standing(**{**vars(standing), "scopes": None})
    granted_more = Standing(**{**vars(standing), "grants": standing.grants | more})

    if decide(permission, standing).allowed:
        assert decide(permission, without_key).allowed
        assert decide(permission, granted_more).allowed


@given(standings(), permissions)
def test_nothing_is_allowed_that_no_role_gives(standing, permission):
    decision = decide(permission, standing)

    if decision.allowed:
        assert standing.is_active
        for held in decision.held:
            assert held.role == Role.ADMINISTRATOR or permission in GRANTS[held.role]
            assert held.origin != Origin.GRANT or permission in OF_RESOURCES
    else:
        assert decision.denial is not None


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("object_type/Person", "object_type/Person", True),
        ("object_type/Person", "object_type/Persons", False),
        ("object_type/P*", "object_type/Person", True),
        ("object_type/P*", "object_type/Pet", True),
        ("object_type/*n", "object_type/Person", True),
        ("object_type/*n", "object_type/Pet", False),
        ("*", "object_type/Person", False),
        ("*/Person", "object_type/Person", True),
        ("**", "object_type/Person", True),
        ("**Person", "object_type/Person", True),
        ("**/Person/**", "object_type/Person", False),
        ("*/*", "object_type/Person", True),
        ("Object_type/*", "object_type/Person", False),
        ("object_type/P?t", "object_type/Pet", False),
        ("object_type/[P]et", "object_type/Pet", False),
    ],
)
def test_patterns(pattern, path, expected):
    assert matches(pattern, path) is expected


@given(
    st.text(alphabet="ab/*", max_size=12).filter(lambda text: "***" not in text), st.text(alphabet="ab/", max_size=12)
)
def test_a_pattern_means_what_the_same_regular_expression_does(pattern, path):

    expression = "".join(
        {"**": ".*", "*": "[^/]*"}.get(piece, re.escape(piece)) for piece in re.split(r"(\*\*|\*)", pattern)
    )
    assert matches(pattern, path) is (re.fullmatch(expression, path) is not None)


def test_a_pattern_made_to_be_slow_is_not():
    assert not matches("*a" * 99 + "b", "a" * 300)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**", True),
        ("a/b*", True),
        ("", False),
        ("a b", False),
        ("***", False),
        ("a/" * 101, False),
        ("a*", False),
        ("a/b/c", False),
        ("a/**", True),
    ],
)
def test_what_can_be_a_pattern(text, expected):
    assert is_pattern(text) is expected


@pytest.mark.parametrize(
    ("standing", "denial"),
    [
        (Standing(is_active=False, role="administrator"), Denial.INACTIVE),
        (Standing(is_active=True, role="administrator", scopes=()), Denial.SCOPE),
        (Standing(is_active=True, role="developer", in_repository=True, is_private=True), Denial.NOT_A_MEMBER),
        (Standing(is_active=True, role="viewer", in_repository=True), Denial.NO_ROLE),
    ],
)
def test_each_no_says_why(standing, denial):
    decision = decide("history.commit", standing)

    assert (decision.allowed, decision.denial) == (False, denial)


def test_a_grant_gives_nothing_about_a_repository_as_a_whole():
    everything = Held("administrator", Origin.GRANT, "", "**")
    standing = Standing(
        is_active=True, role="viewer", in_repository=True, is_private=True, grants=frozenset({everything})
    )

    allowed = {permission for permission in PERMISSIONS if decide(permission, standing).allowed}

    assert allowed == OF_RESOURCES
    assert not allowed & {
        "history.administer_repository", "history.lock_branch", "merging.review", "accounts.manage_users",
    }  # fmt: skip
