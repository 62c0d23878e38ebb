"""What differs between two trees, resource by resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from history.engine.content import Content, Key
from history.selectors.rows import contents_of
from history.selectors.trees import TreeView, tree_diff


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    RENAMED = "renamed"


@dataclass(frozen=True)
class ResourceChange:
    """One resource that differs. ``former_name`` is another one than ``api_name`` only where it was renamed."""

    kind: str
    api_name: str
    former_name: str
    change: ChangeKind
    before: Content | None
    after: Content | None


def resource_changes(before: TreeView, after: TreeView) -> list[ResourceChange]:
    """The resources that differ, by kind and name; one that kept its rid under another name is renamed.

    So it is too where its new name was another resource's, or its old one is another's now.
    """
    differences = tree_diff(before, after)
    bodies = contents_of(digest for each in differences for digest in (each.before, each.after) if digest)
    old = {each.key: bodies[each.before] for each in differences if each.before}
    new = {each.key: bodies[each.after] for each in differences if each.after}
    former = _former_keys(old, new)
    changes = [_change(key, former.get(key), old, content) for key, content in new.items()]
    changes += [
        ResourceChange(*key, key[1], ChangeKind.REMOVED, old[key], None) for key in old.keys() - set(former.values())
    ]
    return sorted(changes, key=lambda change: (change.kind, change.api_name, change.after is None))


def _former_keys(old: Mapping[Key, Content], new: Mapping[Key, Content]) -> dict[Key, Key]:
    """What each of ``new`` was, for those that were there: by rid, else by the name that nobody came to or left."""
    by_rid = {(kind, content["rid"]): (kind, name) for (kind, name), content in old.items() if "rid" in content}
    known = {
        key: by_rid[key[0], content["rid"]] for key, content in new.items() if (key[0], content.get("rid")) in by_rid
    }
    renamed = {key: former for key, former in known.items() if former != key}
    return renamed | {key: key for key in (new.keys() & old.keys()) - renamed.keys() - set(renamed.values())}


def _change(key: Key, former: Key | None, old: Mapping[Key, Content], after: Content) -> ResourceChange:
    """The change of what is there afterwards."""
    if former is None:
        return ResourceChange(*key, key[1], ChangeKind.ADDED, None, after)
    change = ChangeKind.MODIFIED if former == key else ChangeKind.RENAMED
    return ResourceChange(*key, former[1], change, old[former], after)
