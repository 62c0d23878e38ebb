"""Link types that speak of one another."""

from collections.abc import Iterator
from enum import Enum

from gateway.engine.sentences import phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.findings import shown
from ontology.engine.kinds import SIDE_NOUNS
from ontology.engine.validation.neighbourhood import Neighbourhood, demands, ends
from ontology.engine.validation.rule import Broken, Severity

_MIRRORED = {"many_to_one": "one_to_many", "one_to_many": "many_to_one"}


def mismatched_inverses(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Inverses that do not say the same the other way round.

    The inverse itself need not name this one. One that names itself contradicts nobody, and is doubtful
    where it does not lead back to where it starts.
    """
    inverse = ("link_type", content.get("inverse_of", ""))
    other = near.contents.get(inverse)
    if other is None:
        return
    here, called = "/inverse_of", shown(inverse[1])
    named = other.get("inverse_of")
    rivals = [rival for rival in near.inverses.get(inverse, ()) if rival not in (key, inverse)]
    if named not in (None, key[1]):
        doubt = Severity.WARNING if named == inverse[1] else None
        message = sentence("{name} is the inverse of {other}.", name=called, other=shown(named))
        yield Broken(here, message, doubt)
    elif named is None and rivals:
        message = sentence("{name} has the inverse {inverse} as well.", name=shown(rivals[0][1]), inverse=called)
        yield Broken(here, message)
    for side, opposite in (("source", "target"), ("target", "source")):
        related = _relation(near, ends(content, side), ends(other, opposite))
        if related is not Relation.SAME:
            doubt = Severity.WARNING if related is Relation.RELATED or inverse == key else None
            message = sentence(
                "The types of this {side} and of the inverse's {opposite} are {related}.",
                side=SIDE_NOUNS[side],
                opposite=SIDE_NOUNS[opposite],
                related=related.value,
            )
            yield Broken(here, message, doubt)
    cardinality: str = content["cardinality"]
    mirrored = _MIRRORED.get(cardinality, cardinality)
    if other["cardinality"] != mirrored:
        message = sentence(
            "{name} is {cardinality}; the inverse of this is {mirrored}.",
            name=called,
            cardinality=other["cardinality"],
            mirrored=mirrored,
        )
        yield Broken(here, message, Severity.WARNING)


class Relation(Enum):
    """How the types at two ends of links stand to each other."""

    SAME = phrase("the same")
    RELATED = phrase("not the same")
    STRANGE = phrase("not even related")


def _relation(near: Neighbourhood, ours: set[Key], theirs: set[Key]) -> Relation:
    """An end without types, or with none that exist, takes any."""
    ours, theirs = ours & near.contents.keys(), theirs & near.contents.keys()
    if not ours or not theirs or ours == theirs:
        return Relation.SAME
    related = any(one in near.kin(two) or two in near.kin(one) for one in ours for two in theirs)
    return Relation.RELATED if related else Relation.STRANGE


# --- Required links -----------------------------------------------------------------------------


def required_cycles(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Required links that lead back to where they start, so that no object can be the first.

    Counted are links to one object, which has to be there before; where several types may be on the
    other side, each of them must lead back.
    """
    if not demands(content):
        return
    stuck = _stuck(near, key)
    if key not in stuck:
        return
    reached, pending = set[Key](), [key]
    while pending:
        following = _needed(near, pending.pop()) & stuck - reached
        reached |= following
        pending.extend(following)
    if key in reached:
        others = sorted(link[1] for link in reached - {key})
        through = phrase(" through {names}", names=", ".join(map(shown, others[:5]))) if others else ""
        message = sentence("Nothing can be the first: what is needed here leads back{through}.", through=through)
        yield Broken("/required", message)


def _stuck(near: Neighbourhood, start: Key) -> set[Key]:
    """Those of the demanding links reached from ``start`` whose every target has a demand that is stuck itself."""
    stuck, pending = {start}, [start]
    while pending:
        following = _needed(near, pending.pop()) - stuck
        stuck |= following
        pending.extend(following)
    while True:
        free = {link for link in stuck if not _leads_into(near, link, stuck)}
        if not free:
            return stuck
        stuck -= free


def _leads_into(near: Neighbourhood, link: Key, stuck: set[Key]) -> bool:
    targets = _targets(near, link)
    return bool(targets) and all(near.once(end, _demands_at) & stuck for end in targets)


def _needed(near: Neighbourhood, link: Key) -> set[Key]:
    return {needed for end in _targets(near, link) for needed in near.once(end, _demands_at)}


def _targets(near: Neighbourhood, link: Key) -> list[Key]:
    """The existing types at the link's target; none where anything may be there."""
    return sorted(ends(near.contents[link], "target") & near.contents.keys())


def _demands_at(near: Neighbourhood, key: Key) -> set[Key]:
    """The demanding links that objects of the type are at the source of."""
    return {
        link
        for each in near.kin(key)
        for link in near.links.get(each, ())
        if demands(near.contents[link]) and each in ends(near.contents[link], "source")
    }
