"""What each role may do. Whatever is not listed is denied."""

from collections.abc import Iterable, Mapping

ADMINISTRATOR = "administrator"

READ = frozenset({"history.view_repository", "merging.preview"})
DISCUSS = READ | {"merging.comment"}
REVIEW = DISCUSS | {"merging.review"}
WRITE = DISCUSS | {
    "history.create_repository",
    "history.create_branch",
    "history.delete_branch",
    "history.reset_branch",
    "history.archive_branch",
    "history.lock_branch",
    "history.commit",
    "merging.merge",
    "merging.propose",
    "ontology.import",
    "ontology.register_consumer",
}
GRANTS: Mapping[str, frozenset[str]] = {
    "viewer": READ,
    "reviewer": REVIEW,
    "developer": WRITE | REVIEW,
    "service": WRITE | {"merging.post_check"},
}
"""Permissions by role. An administrator has every permission and is not listed.

Checks answer for commits, so those who make commits post none.
"""


GOVERN = frozenset(
    {
        "accounts.manage_users",
        "accounts.view_users",
        "history.administer_repository",
        "history.view_all_events",
        "merging.override_finding",
    }
)
"""What administrators alone may do."""
PERMISSIONS: frozenset[str] = GOVERN.union(*GRANTS.values())
"""Every permission that there is."""
OF_RESOURCES = (DISCUSS | WRITE) - {
    "history.create_repository",
    "history.archive_branch",
    "history.lock_branch",
    "ontology.register_consumer",
}
"""What a role can give on some resources alone.

Neither what is about a repository or a branch as a whole nor reviews, which count for all of a proposal.
"""


def granted(roles: Iterable[str], permission: str) -> bool:
    """Whether any of ``roles`` grants ``permission``: several roles add up, the higher counts."""
    return any(role == ADMINISTRATOR or permission in GRANTS.get(role, ()) for role in roles)


def granted_in_app(roles: Iterable[str], app_label: str) -> bool:
    """Whether any of ``roles`` grants anything in the app."""
    prefix = f"{app_label}."
    return any(role == ADMINISTRATOR or any(p.startswith(prefix) for p in GRANTS.get(role, ())) for role in roles)
