"""The findings of a change: the rules put to everything that differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.engine.sentences import Sentence, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.breaking.difference import (
    Difference,
    Fate,
    Place,
    Sort,
    member_differences,
    resource_differences,
)
from ontology.engine.breaking.finding import SEVERITIES, Finding, Severity
from ontology.engine.breaking.inheritance import with_inheritance
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.migration import Migration
from ontology.engine.breaking.reach import Dependants
from ontology.engine.breaking.rule import NOBODY, Broken, Reach, Rule, address
from ontology.engine.breaking.rules import RULES
from ontology.engine.breaking.sides import Change, plain, sides
from ontology.engine.breaking.standing import is_settled
from ontology.engine.breaking.words import in_words
from ontology.engine.state import State


def findings(before: State, after: State, changes: Iterable[Change], *, today: date) -> list[Finding]:
    """What the changes from one state to the other mean for those who use the ontology, the gravest first.

    ``changes`` are the keys that differ; renames are found by rid. ``today`` decides which deadlines have
    passed. Read are the changed resources, what they inherit from and what depends on them, each
    together for all, so that the cost follows the change.
    """
    both = sides(before, after, changes)
    resources = list(resource_differences(both.pairs))
    known = Known(both, resources, today)
    occasions = [occasion for resource in resources for occasion in _occasions(resource, known)]
    reached = _reached(occasions, known)
    found = (_finding(occasion, users, known) for occasion, users in zip(occasions, reached, strict=True))
    return sorted(found, key=lambda each: (-SEVERITIES.index(each.severity), each.path, each.rule))


def differing(before: Mapping[Key, Content], after: Mapping[Key, Content]) -> list[Change]:
    """The changes between two states in memory."""
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return [(key if key in before else None, key if key in after else None) for key in keys]


# --- Rules ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Occasion:
    """A rule that speaks of a difference."""

    rule: Rule
    difference: Difference
    broken: Broken

    @property
    def places(self) -> tuple[Place, ...]:
        """What is looked at for dependants."""
        asked = self.rule.reach is Reach.DEPENDANTS and not self.broken.safe
        return (self.difference.path, *self.broken.places) if asked else ()


def _occasions(resource: Difference, known: Known) -> Iterator[_Occasion]:
    members = list(member_differences(resource))
    for difference in (resource, *with_inheritance(resource, members, known)):
        untold = difference
        for rule in _RULES_OF.get((difference.sort, difference.fate), ()):
            broken = list(rule.check(untold, known))
            yield from (_Occasion(rule, difference, each) for each in broken)
            if broken:
                untold = replace(untold, told=untold.told.union(rule.tells, ("/".join(each.at) for each in broken)))


def _rules_of(rules: Iterable[Rule]) -> Mapping[tuple[Sort, Fate], Sequence[Rule]]:
    found: dict[tuple[Sort, Fate], list[Rule]] = {}
    for rule in rules:
        for sort in rule.of:
            for fate in rule.fates:
                found.setdefault((sort, fate), []).append(rule)
    return found


_RULES_OF = _rules_of(RULES.values())


# --- Users ----------------------------------------------------------------------------------------


def _reached(occasions: Sequence[_Occasion], known: Known) -> list[set[Place]]:
    """The users of each occasion."""
    dependants = Dependants(known.before, (place for each in occasions for place in each.places))
    named = {each.difference.key for each in occasions if each.rule.reach is Reach.REFERRERS}
    referrers = known.before.referrers(named) if named else {}
    found = [{user for place in each.places for user in dependants.of(place)} for each in occasions]
    for each, users in zip(occasions, found, strict=True):
        users.update(each.broken.places)
        if each.rule.reach is Reach.REFERRERS:
            users.update(referrers.get(each.difference.key, ()))
    return _without_keepers(occasions, found, known)


def _without_keepers(occasions: Sequence[_Occasion], found: Sequence[set[Place]], known: Known) -> list[set[Place]]:
    """The users of a property that is gone are those which have none of that name any more."""
    gone = [each.difference.sort is Sort.PROPERTY and each.difference.fate is Fate.REMOVED for each in occasions]
    keys = {(user[0], user[1]) for users, is_gone in zip(found, gone, strict=True) if is_gone for user in users}
    still = known.still_have(keys) if keys else {}
    return [
        {user for user in users if user[3] not in still.get((user[0], user[1]), {})} if is_gone else users
        for users, is_gone in zip(found, gone, strict=True)
    ]


# --- Findings -------------------------------------------------------------------------------------


def _finding(occasion: _Occasion, users: set[Place], known: Known) -> Finding:
    rule, difference, broken = occasion.rule, occasion.difference, occasion.broken
    words = {
        "it": difference.in_words,
        "before": in_words(plain(broken.before)),
        "after": in_words(plain(broken.after)),
        **broken.words,
    }
    severity, message = _weighed(occasion, sentence(rule.sentence, **words), users, known)
    steps = () if broken.safe else rule.plan(difference, broken)
    return Finding(
        rule=rule.id,
        severity=severity,
        breaks=NOBODY if broken.safe else rule.breaks,
        path=address((*difference.path, *broken.at)),
        before=plain(broken.before),
        after=plain(broken.after),
        message=message,
        users=tuple(sorted(address(user) for user in users)),
        migration=Migration(steps) if steps else None,
    )


def _weighed(occasion: _Occasion, message: Sentence, users: set[Place], known: Known) -> tuple[Severity, Sentence]:
    """How grave it is, and ``message`` with what there is to say of that.

    What nobody relies on yet, or any more, breaks lightly.
    """
    listed = occasion.broken.severity or occasion.rule.severities[0]
    if occasion.broken.safe or listed is Severity.LOW:
        return Severity.LOW, message
    status, bearer, speaks_for_users = _standing(occasion)
    if is_settled(status, bearer, known.today):
        return listed, message
    if not speaks_for_users and any(known.is_settled(user) for user in users):
        return listed, message
    remarked = sentence("{finding} It counts as low, being {how}.", finding=message, how=_UNSETTLED[status])
    return Severity.LOW, remarked


_UNSETTLED: Mapping[str, Sentence] = {
    "experimental": phrase("experimental"),
    "example": phrase("example"),
    "deprecated": phrase("deprecated and past its deadline"),
}


def _standing(occasion: _Occasion) -> tuple[str, Content, bool]:
    """The status of what breaks, what bears it, and whether it holds wherever that is used or inherited.

    It is the innermost that there is: of an enum value, of the member, of the resource. That of a member goes
    wherever the member goes; a resource speaks for itself only.
    """
    difference, at = occasion.difference, occasion.broken.at
    if at[:2] == ("constraints", "enum") and len(at) > 2:
        value = (difference.before or {}).get("constraints", {}).get("enum", {}).get(at[2], {})
        if "status" in value:
            return value["status"], value, True
    while difference.holder and "status" not in (difference.before or {}):
        difference = difference.holder
    return difference.status, difference.before or {}, difference.holder is not None
