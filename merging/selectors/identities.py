"""Seeing that what a merge stores has identities, each of them once, whatever content somebody gave."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gateway.engine.sentences import sentence
from history.engine.content import Content, Key, Violation
from merging.engine.merge import Documents
from ontology.engine.identity import give_identities, is_identified
from ontology.engine.validation import Found


def identities_given(contents: Mapping[Key, Content | None], sides: Sequence[Documents]) -> list[Found]:
    """Give missing rids to ``contents``, normal forms that merge ``sides``; what is wrong with those that are there.

    A content that somebody gave instead of those of the sides keeps the rid of what it stands for.
    """
    known = {content["rid"] for side in sides for content in side.values()}
    found: list[Found] = []
    for key, content in contents.items():
        if content is None or (content.get("rid") in known and is_identified(key[0], content)):
            continue
        previous = next((side[key] for side in sides if key in side), None)
        found += [(key, each) for each in give_identities(*key, content, previous, lambda _rid: False)]
    return [*found, *_shared(contents)]


def _shared(contents: Mapping[Key, Content | None]) -> Iterator[Found]:
    bearers = Counter(content.get("rid") for content in contents.values() if content is not None)
    for key, content in contents.items():
        if content is not None and bearers[content.get("rid")] > 1:
            message = sentence("The rid {rid} is that of another resource as well.", rid=content.get("rid", ""))
            yield key, Violation("RID_DUPLICATE", "/rid", message)
