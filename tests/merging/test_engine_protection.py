"""What rules ask of a move: a row per demand, and what holds for any number of rules in any order."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merging.engine.protection import (
    Approval,
    Break,
    Demand,
    Facts,
    Move,
    Ownership,
    Requirement,
    Start,
    evaluate,
)
from merging.engine.rules import Rule, strictest, weaker_in

GOOD = Facts(
    move=Move.ADVANCE,
    has_proposal=True,
    approvals=(Approval("bob", by_author=False, is_stale=False), Approval("carol", by_author=False, is_stale=False)),
    objectors=(),
    ownerships=(Ownership("object_type/*", ("Bob",), frozenset({"bob"})),),
    unresolved_comments=0,
    is_up_to_date=True,
    findings=(),
    checks={"lint": "success", "impact": "success"},
    is_linear=True,
    starts=(),
)
ALL = Rule(
    id=1,
    pattern="main",
    requires_proposal=True,
    required_approvals=2,
    requires_owner_approval=True,
    author_may_not_approve=True,
    dismisses_stale_approvals=True,
    requires_resolved_comments=True,
    requires_up_to_date=True,
    forbids_findings_from=2,
    required_checks=frozenset({"lint", "impact"}),
    requires_linear_history=True,
    forbids_deletion=True,
    forbids_reset=True,
)


def unmet(rules: list[Rule], facts: Facts) -> list[tuple[Demand, str]]:
    return [(each.name, each.subject) for each in evaluate(rules, facts) if not each.satisfied]


def approvals(*names: str, **more: Any) -> tuple[Approval, ...]:
    return tuple(Approval(name, **{"by_author": False, "is_stale": False, **more}) for name in names)


def test_a_move_of_which_all_is_true_meets_every_demand() -> None:
    asked = evaluate([ALL], GOOD)
    assert [each.name for each in asked if not each.satisfied] == []
    assert {each.name for each in asked} == set(Demand) - {Demand.DELETION, Demand.ARCHIVAL, Demand.START}


def test_a_rule_that_asks_for_nothing_lets_everything_pass() -> None:
    for move in Move:
        assert evaluate([Rule(id=1, pattern="main")], replace(GOOD, move=move, has_proposal=False)) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"move": Move.RESET}, [(Demand.RESET, "")]),
        ({"has_proposal": False}, [(Demand.PROPOSAL, "")]),
        ({"approvals": approvals("bob")}, [(Demand.APPROVALS, "")]),
        ({"approvals": approvals("carol", "dave")}, [(Demand.OWNERS, "object_type/*")]),
        (
            {"approvals": (*approvals("carol"), *approvals("bob", by_author=True))},
            [(Demand.APPROVALS, ""), (Demand.OWNERS, "object_type/*")],
        ),
        (
            {"approvals": (*approvals("carol"), *approvals("bob", is_stale=True))},
            [(Demand.APPROVALS, ""), (Demand.OWNERS, "object_type/*")],
        ),
        ({"approvals": (*approvals("bob"), *approvals("bob"))}, [(Demand.APPROVALS, "")]),
        ({"objectors": ("Dave",)}, [(Demand.OBJECTIONS, "")]),
        ({"ownerships": (Ownership("*", ("Eve",), frozenset()),)}, [(Demand.OWNERS, "*")]),
        ({"unresolved_comments": 1}, [(Demand.COMMENTS, "")]),
        ({"is_up_to_date": False}, [(Demand.UP_TO_DATE, "")]),
        ({"findings": (Break("PR_DELETED", "/a", "high", 2),)}, [(Demand.FINDINGS, "")]),
        ({"findings": (Break("PR_TYPE_WIDENED", "/a", "medium", 1),)}, []),
        ({"checks": {"lint": "success"}}, [(Demand.CHECK, "impact")]),
        ({"checks": {"lint": "pending", "impact": "failure"}}, [(Demand.CHECK, "impact"), (Demand.CHECK, "lint")]),
        ({"checks": {"lint": "error", "impact": "success", "other": "failure"}}, [(Demand.CHECK, "lint")]),
        ({"is_linear": False}, [(Demand.LINEAR, "")]),
        ({"move": Move.DELETION, "has_proposal": False, "approvals": ()}, [(Demand.DELETION, "")]),
        ({"move": Move.ARCHIVAL, "has_proposal": False, "approvals": ()}, [(Demand.ARCHIVAL, "")]),
        ({"move": Move.CREATION, "starts": (Start("main", (ALL,)),), "has_proposal": False, "approvals": ()}, []),
        ({"move": Move.CREATION, "starts": (Start("main", ()), Start("stage", (ALL,)))}, []),
        (
            {"move": Move.CREATION, "starts": (Start("main", (replace(ALL, required_approvals=1),)),)},
            [(Demand.START, "")],
        ),
        ({"move": Move.CREATION, "starts": (Start("main", ()),)}, [(Demand.START, "")]),
        ({"move": Move.CREATION}, [(Demand.START, "")]),
    ],
)
def test_what_is_not_true_is_named(facts: dict[str, Any], expected: list[tuple[Demand, str]]) -> None:
    assert unmet([ALL], replace(GOOD, **facts)) == expected


def test_approvals_of_authors_and_of_what_was_there_before_count_where_no_rule_says_otherwise() -> None:
    mild = replace(ALL, author_may_not_approve=False, dismisses_stale_approvals=False)
    facts = replace(GOOD, approvals=(*approvals("bob", by_author=True), *approvals("carol", is_stale=True)))
    assert unmet([mild], facts) == []
    assert unmet([mild, Rule(id=2, pattern="**", author_may_not_approve=True)], facts) == [
        (Demand.APPROVALS, ""),
        (Demand.OWNERS, "object_type/*"),
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"approvals": approvals("bob")}, "2 approvals are needed; there is 1."),
        ({"objectors": ("Dave", "Eve")}, "Changes are asked for by Dave, Eve."),
        ({"unresolved_comments": 1}, "1 comment is not resolved."),
        ({"checks": {"impact": "success"}}, "The check lint has not been posted."),
        ({"checks": {"impact": "success", "lint": "pending"}}, "The check lint is still running."),
        (
            {"findings": (Break("A", "/a", "high", 2), Break("B", "/b", "critical", 3))},
            "2 findings are too grave and not overridden, first of all B (critical) at /b.",
        ),
        (
            {"approvals": approvals("carol", "dave")},
            "What object_type/* describes needs the approval of an owner: Bob.",
        ),
    ],
)
def test_a_requirement_says_what_is_missing(changed: dict[str, Any], sentence: str) -> None:
    [missing] = [each for each in evaluate([ALL], replace(GOOD, **changed)) if not each.satisfied]
    assert missing.detail == sentence


def test_a_requirement_names_the_strictest_rule_that_asks_for_it() -> None:
    mild, strict = Rule(id=1, pattern="a", required_approvals=1), Rule(id=2, pattern="b", required_approvals=3)
    [needed] = [each for each in evaluate([mild, strict], GOOD) if each.name is Demand.APPROVALS]
    assert (needed.rule, needed.satisfied) == (strict, False)
    wide, narrow = Rule(id=1, pattern="a", forbids_findings_from=3), Rule(id=2, pattern="b", forbids_findings_from=0)
    [limit] = evaluate([wide, narrow], GOOD)
    assert limit.rule == narrow


# --- What asks at least as much -----------------------------------------------------------------------

BOSS, CHECK = frozenset({"boss"}), frozenset({"lint"})
NO_WAY_PAST = "who may go past them"


@pytest.mark.parametrize(
    ("fields", "weaker"),
    [
        ({"requires_proposal": False}, []),  # approvals are of proposals
        ({"requires_proposal": False, "required_approvals": 0}, ["proposals", "approvals"]),
        ({"required_approvals": 1}, ["approvals"]),
        ({"required_approvals": 3}, []),
        ({"requires_owner_approval": False}, ["approvals by owners"]),
        ({"author_may_not_approve": False}, ["approvals by authors"]),
        ({"dismisses_stale_approvals": False}, ["approvals of earlier commits"]),
        ({"requires_resolved_comments": False}, ["resolved comments"]),
        ({"requires_up_to_date": False}, ["sources that are up to date"]),
        ({"forbids_findings_from": None}, ["findings"]),
        ({"forbids_findings_from": 3}, ["findings"]),
        ({"forbids_findings_from": 0}, []),
        ({"required_checks": frozenset({"lint"})}, ["checks"]),
        ({"required_checks": frozenset({"lint", "impact", "size"})}, []),
        ({"bypass_roles": BOSS}, [NO_WAY_PAST]),
        ({"required_approvals": 1, "bypass_roles": BOSS}, ["approvals", NO_WAY_PAST]),
        ({"requires_linear_history": False, "forbids_deletion": False, "forbids_reset": False}, []),
        ({"pattern": "other", "id": 7}, []),
    ],
)
def test_a_rule_is_weaker_in_what_it_asks_less_for(fields: dict[str, Any], weaker: list[str]) -> None:
    assert weaker_in([replace(ALL, **fields)], [ALL]) == weaker


def test_what_nothing_asks_is_weaker_in_everything_and_stronger_than_nothing() -> None:
    assert len(weaker_in([], [ALL])) == 9
    assert weaker_in([], []) == weaker_in([], [Rule(id=1, pattern="a")]) == weaker_in([ALL], []) == []


def test_which_approvals_count_matters_where_approvals_are_asked_for_alone() -> None:
    counting = {"author_may_not_approve": True, "dismisses_stale_approvals": True}
    proposals = Rule(id=1, pattern="a", requires_proposal=True)
    assert weaker_in([proposals], [replace(proposals, **counting)]) == []
    assert weaker_in([proposals], [proposals, Rule(id=2, pattern="b", **counting)]) == []
    approvals = replace(proposals, required_approvals=1)
    assert weaker_in([approvals], [approvals, Rule(id=2, pattern="b", **counting)]) == [
        "approvals by authors",
        "approvals of earlier commits",
    ]


def test_several_rules_ask_as_much_together_as_one_that_asks_for_all_of_it() -> None:
    approvals, checks = Rule(id=1, pattern="a", required_approvals=1), Rule(id=2, pattern="b", required_checks=CHECK)
    both = Rule(id=3, pattern="c", required_approvals=1, required_checks=CHECK)
    assert weaker_in([approvals, checks], [both]) == weaker_in([both], [approvals, checks]) == []
    assert weaker_in([checks], [both]) == ["proposals", "approvals"]


def test_a_rule_counts_where_nobody_else_goes_past_it() -> None:
    """Others hold nobody whose role goes past it, so each is compared by what holds the same people."""
    firm, soft = Rule(id=1, pattern="a", required_approvals=1), Rule(id=2, pattern="b", required_checks=CHECK)
    soft = replace(soft, bypass_roles=BOSS)
    assert weaker_in([firm, soft], [firm, soft]) == []
    assert weaker_in([replace(firm, bypass_roles=BOSS), soft], [firm, soft]) == [NO_WAY_PAST]
    assert weaker_in([firm, replace(soft, bypass_roles=frozenset())], [firm, soft]) == []
    assert weaker_in([firm, replace(soft, bypass_roles=BOSS | {"clerk"})], [firm, soft]) == [NO_WAY_PAST]


@pytest.mark.parametrize(
    ("starts", "why"),
    [
        ((), ""),
        ((Start("main", ()),), " main holds it, but no rule protects it."),
        (
            (Start("main", ()), Start("stage", (replace(ALL, required_approvals=1, forbids_findings_from=3),))),
            " stage holds it, but its rules (main) are weaker in this: approvals, findings.",
        ),
    ],
)
def test_a_start_that_is_not_enough_says_in_what(starts: tuple[Start, ...], why: str) -> None:
    [asked] = evaluate([ALL], replace(GOOD, move=Move.CREATION, starts=starts))
    assert not asked.satisfied
    assert asked.detail == "The branch begins at what another holds that is protected at least as strictly." + why


def test_who_goes_past_a_rule_begins_at_what_is_enough_for_the_others() -> None:
    firm = Rule(id=1, pattern="a", requires_proposal=True)
    soft = Rule(id=2, pattern="b", required_approvals=2, bypass_roles=BOSS)
    facts = replace(GOOD, move=Move.CREATION, starts=(Start("main", (firm,)),))
    for roles, may in ((frozenset({"clerk"}), False), (BOSS, True)):
        assert by_name(evaluate([firm, soft], facts, roles))[Demand.START].may_be_bypassed is may


# --- Going past rules ---------------------------------------------------------------------------------


def by_name(asked: list[Requirement]) -> dict[Demand, Requirement]:
    return {each.name: each for each in asked}


def test_only_roles_that_a_rule_names_go_past_it() -> None:
    rule = replace(ALL, bypass_roles=frozenset({"administrator"}))
    facts = replace(GOOD, has_proposal=False)
    for roles, may in ((frozenset(), False), ({"developer"}, False), ({"developer", "administrator"}, True)):
        assert by_name(evaluate([rule], facts, frozenset(roles)))[Demand.PROPOSAL].may_be_bypassed is may


def test_what_another_rule_asks_for_as_well_is_not_bypassed() -> None:
    soft = Rule(id=1, pattern="a", required_approvals=3, requires_proposal=True, bypass_roles=frozenset({"boss"}))
    firm = Rule(id=2, pattern="b", required_approvals=2)
    facts = replace(GOOD, has_proposal=False, approvals=approvals("bob"))
    asked = by_name(evaluate([soft, firm], facts, frozenset({"boss"})))
    assert (asked[Demand.APPROVALS].may_be_bypassed, asked[Demand.PROPOSAL].may_be_bypassed) == (False, True)
    enough_for_firm = replace(facts, approvals=approvals("bob", "carol"))
    assert by_name(evaluate([soft, firm], enough_for_firm, frozenset({"boss"})))[Demand.APPROVALS].may_be_bypassed


def test_what_holds_needs_no_bypass() -> None:
    rule = replace(ALL, bypass_roles=frozenset({"administrator"}))
    assert not any(each.may_be_bypassed for each in evaluate([rule], GOOD, frozenset({"administrator"})))


# --- Any rules, any facts -----------------------------------------------------------------------------

PEOPLE = ("alice", "bob", "carol")
CHECKS = ("lint", "impact")
ROLES = ("administrator", "developer")


def rules_with(id_: int) -> st.SearchStrategy[Rule]:
    return st.builds(
        Rule,
        id=st.just(id_),
        pattern=st.sampled_from(["main", "**"]),
        requires_proposal=st.booleans(),
        required_approvals=st.integers(0, 3),
        requires_owner_approval=st.booleans(),
        author_may_not_approve=st.booleans(),
        dismisses_stale_approvals=st.booleans(),
        requires_resolved_comments=st.booleans(),
        requires_up_to_date=st.booleans(),
        forbids_findings_from=st.none() | st.integers(0, 3),
        required_checks=st.frozensets(st.sampled_from(CHECKS)),
        requires_linear_history=st.booleans(),
        forbids_deletion=st.booleans(),
        forbids_reset=st.booleans(),
        bypass_roles=st.frozensets(st.sampled_from(ROLES)),
    )


RULES = st.integers(1, 3).flatmap(lambda count: st.tuples(*map(rules_with, range(count)))).map(list)
PASSING = st.booleans()
FACTS = st.builds(
    Facts,
    move=st.sampled_from(Move),
    has_proposal=PASSING,
    approvals=st.lists(st.builds(Approval, st.sampled_from(PEOPLE), st.booleans(), st.booleans()), max_size=4).map(
        tuple
    ),
    objectors=st.lists(st.sampled_from(PEOPLE), max_size=1).map(tuple),
    ownerships=st.lists(
        st.builds(Ownership, st.just("*"), st.just(("A",)), st.frozensets(st.sampled_from(PEOPLE))), max_size=2
    ).map(tuple),
    unresolved_comments=st.integers(0, 1),
    is_up_to_date=PASSING,
    findings=st.lists(
        st.builds(Break, st.just("R"), st.just("/a"), st.just("high"), st.integers(0, 3)), max_size=2
    ).map(tuple),
    checks=st.dictionaries(st.sampled_from(CHECKS), st.sampled_from(["success", "pending", "failure", "error"])),
    is_linear=PASSING,
    starts=st.lists(st.builds(Start, st.sampled_from(["main", "stage"]), RULES.map(tuple)), max_size=2).map(tuple),
)
EXAMPLES = settings(max_examples=60)


def without_bypass(rule: Rule) -> Rule:
    return replace(rule, bypass_roles=frozenset())


SHOWN = st.frozensets(st.sampled_from(ROLES))


def blocking(rules: list[Rule], facts: Facts, roles: frozenset[str] = frozenset()) -> set[tuple[Demand, str]]:
    return {
        (each.name, each.subject)
        for each in evaluate(rules, facts, roles)
        if not (each.satisfied or each.may_be_bypassed)
    }


@EXAMPLES
@given(RULES, FACTS, SHOWN, rules_with(9))
def test_a_further_rule_never_lets_through_what_was_refused(
    rules: list[Rule], facts: Facts, roles: frozenset[str], further: Rule
) -> None:
    assert blocking(rules, facts, roles) <= blocking([*rules, further], facts, roles)


@EXAMPLES
@given(RULES, FACTS, SHOWN, st.randoms())
def test_the_order_of_rules_does_not_matter(
    rules: list[Rule], facts: Facts, roles: frozenset[str], random: Any
) -> None:
    shuffled = random.sample(rules, len(rules))
    assert evaluate(shuffled, facts, roles) == evaluate(rules, facts, roles)
    assert strictest(shuffled) == strictest(rules)


@EXAMPLES
@given(RULES, FACTS)
def test_the_strictest_rule_refuses_exactly_what_all_refuse_together(rules: list[Rule], facts: Facts) -> None:
    """Fewer go past it than past all, which matters for where a branch begins alone."""
    starts = tuple(replace(start, rules=tuple(map(without_bypass, start.rules))) for start in facts.starts)
    facts = replace(facts, starts=starts)
    assert blocking([strictest(rules)], facts) == blocking(rules, facts)


@EXAMPLES
@given(RULES, FACTS)
def test_together_rules_refuse_at_least_what_each_refuses_alone(rules: list[Rule], facts: Facts) -> None:
    assert set().union(*(blocking([rule], facts) for rule in rules)) <= blocking(rules, facts)


@EXAMPLES
@given(RULES, FACTS, SHOWN)
def test_who_goes_past_rules_is_held_by_exactly_the_others(
    rules: list[Rule], facts: Facts, roles: frozenset[str]
) -> None:
    others = [rule for rule in rules if not rule.bypass_roles & roles]
    assert blocking(rules, facts, roles) == (blocking(others, facts) if others else set())


# --- Any rules that ask at least as much --------------------------------------------------------------

NOT_PROPOSED: dict[str, Any] = {"has_proposal": False, "approvals": ()}
WEAKENED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"requires_proposal": False}, NOT_PROPOSED),
    ({"required_approvals": 0}, {"approvals": ()}),
    ({"required_approvals": 1}, {"approvals": approvals("bob")}),
    ({"requires_owner_approval": False}, {"ownerships": (Ownership("*", ("Eve",), frozenset()),)}),
    ({"author_may_not_approve": False}, {"approvals": approvals("bob", "carol", by_author=True)}),
    ({"dismisses_stale_approvals": False}, {"approvals": approvals("bob", "carol", is_stale=True)}),
    ({"requires_resolved_comments": False}, {"unresolved_comments": 1}),
    ({"requires_up_to_date": False}, {"is_up_to_date": False}),
    ({"forbids_findings_from": None}, {"findings": (Break("R", "/a", "high", 2),)}),
    ({"required_checks": frozenset({"lint"})}, {"checks": {"lint": "success"}}),
    ({"bypass_roles": frozenset(ROLES)}, NOT_PROPOSED),
]
"""What less a rule can ask for, and what then is no matter to it."""
PLACE = st.integers(0, 2)


def with_one(rules: list[Rule], place: int, **fields: Any) -> list[Rule]:
    """``rules`` of which one asks for something else."""
    place %= len(rules)
    return [*rules[:place], replace(rules[place], **fields), *rules[place + 1 :]]


def asks_as_much(rules: list[Rule], others: list[Rule]) -> bool:
    return not weaker_in(rules, others)


@EXAMPLES
@given(RULES)
def test_rules_ask_as_much_as_themselves(rules: list[Rule]) -> None:
    assert asks_as_much(rules, rules)


@EXAMPLES
@given(RULES, st.data())
def test_what_asks_as_much_as_what_asks_as_much_as_others_does(rules: list[Rule], data: st.DataObject) -> None:
    (some, _), (more, _) = data.draw(st.tuples(*[st.sampled_from(WEAKENED)] * 2))
    second = with_one(rules, data.draw(PLACE), **some)
    third = with_one(second, data.draw(PLACE), **more)
    if asks_as_much(rules, second) and asks_as_much(second, third):
        assert asks_as_much(rules, third)


@EXAMPLES
@given(RULES, RULES, rules_with(9))
def test_a_further_rule_makes_rules_weaker_in_nothing_and_others_in_no_more(
    rules: list[Rule], others: list[Rule], further: Rule
) -> None:
    count = len(weaker_in(rules, others))
    assert len(weaker_in([*rules, further], others)) <= count <= len(weaker_in(rules, [*others, further]))
    assert asks_as_much([*rules, further], rules)


@pytest.mark.parametrize(("fields", "flaw"), WEAKENED)
@EXAMPLES
@given(RULES, PLACE, SHOWN, st.booleans())
def test_what_asks_as_much_lets_nothing_in_that_others_keep_out(
    fields: dict[str, Any], flaw: dict[str, Any], rules: list[Rule], place: int, roles: frozenset[str], is_other: bool
) -> None:
    """Whichever roles are shown. Where all is so but one thing, that is what is refused."""
    weaker = with_one(rules, place, **fields)
    one, other = (rules, weaker) if is_other else (weaker, rules)
    facts = replace(GOOD, **flaw)
    if asks_as_much(one, other) and blocking(other, facts, roles):
        assert blocking(one, facts, roles)
