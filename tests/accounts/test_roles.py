"""Who may do what: user.has_perm, on the instance and on a repository."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from accounts.backends import membership_roles_read, roles_in
from accounts.models import User
from history.models import Membership, Repository, Role
from tests.factories import UserFactory

READ = {"history.view_repository", "merging.preview"}
WRITE = {
    "history.create_repository",
    "history.create_branch",
    "history.delete_branch",
    "history.commit",
    "merging.merge",
    "ontology.import",
}
CHECK = {"merging.post_check"}
GOVERN = CHECK | {
    "history.administer_repository",
    "merging.override_finding",
    "accounts.view_users",
    "accounts.manage_users",
}


@pytest.fixture
def repository(alice):
    return Repository.objects.create(name="maps", name_key="maps", created_by=alice)


@pytest.fixture
def internal(alice):
    return Repository.objects.create(name="open", name_key="open", created_by=alice, visibility="internal")


def granted(user, obj=None):
    return {permission for permission in READ | WRITE | GOVERN if user.has_perm(permission, obj)}


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        ("viewer", READ),
        ("reviewer", READ),
        ("developer", READ | WRITE),
        ("service", READ | WRITE | CHECK),
        ("administrator", READ | WRITE | GOVERN),
    ],
)
def test_a_role_on_the_instance(db, internal, role, permissions):
    user = UserFactory(role=role)

    assert granted(user) == permissions
    assert granted(user, internal) == permissions


def test_a_private_repository_gives_strangers_nothing(bob, repository):
    assert granted(bob, repository) == set()


def test_an_administrator_of_the_instance_is_no_stranger_anywhere(alice, repository):
    assert granted(alice, repository) == READ | WRITE | GOVERN


def test_a_member_has_the_higher_of_both_roles(db, repository):
    developer, viewer = UserFactory(role=Role.DEVELOPER), UserFactory(role=Role.VIEWER)
    Membership.objects.create(repository=repository, user=developer, role=Role.VIEWER)
    Membership.objects.create(repository=repository, user=viewer, role=Role.DEVELOPER)

    assert granted(developer, repository) == READ | WRITE
    assert granted(viewer, repository) == READ | WRITE
    assert granted(viewer) == READ


def test_a_membership_by_group(charlie, repository):
    group = Group.objects.create(name="cartographers")
    Membership.objects.create(repository=repository, group=group, role=Role.ADMINISTRATOR)
    assert granted(charlie, repository) == set()

    charlie.groups.add(group)

    assert "history.administer_repository" in granted(User.objects.get(pk=charlie.pk), repository)


def test_what_belongs_to_a_repository_is_judged_by_it(charlie, repository):
    membership = Membership.objects.create(repository=repository, user=charlie, role=Role.DEVELOPER)

    assert charlie.has_perm("history.commit", membership)


def test_who_is_inactive_or_nobody_may_do_nothing(alice, internal):
    alice.is_active = False

    assert granted(alice) == granted(alice, internal) == set()
    assert granted(AnonymousUser()) == granted(AnonymousUser(), internal) == set()


def test_an_unknown_permission_is_denied(bob):
    assert not bob.has_perm("history.launch")


def test_memberships_are_read_once_per_repository(charlie, repository, django_assert_num_queries):
    with django_assert_num_queries(1):
        for permission in READ | WRITE:
            charlie.has_perm(permission, repository)


def test_the_memberships_of_many_are_read_together(bob, charlie, repository, django_assert_num_queries):
    group = Group.objects.create(name="cartographers")
    charlie.groups.add(group)
    Membership.objects.create(repository=repository, group=group, role=Role.ADMINISTRATOR)
    Membership.objects.create(repository=repository, user=charlie, role=Role.REVIEWER)
    people = list(User.objects.filter(pk__in=[bob.pk, charlie.pk]).order_by("username"))

    with django_assert_num_queries(2):
        membership_roles_read(people, repository)

    with django_assert_num_queries(0):
        assert [roles_in(user, repository) for user in people] == [
            frozenset(),
            {"administrator", "reviewer", charlie.role},
        ]
        assert not people[0].has_perm("history.view_repository", repository)
        assert people[1].has_perm("history.administer_repository", repository)


def test_the_console_lists_apps_in_which_one_may_do_something(bob, charlie):
    assert bob.has_module_perms("history")
    assert charlie.has_module_perms("merging")
    assert not charlie.has_module_perms("accounts")
    assert not charlie.has_module_perms("hist")


def test_who_sees_whom(alice, bob, charlie):
    assert set(User.objects.visible_to(alice)) == {alice, bob, charlie}
    assert set(User.objects.visible_to(bob)) == {bob}
    assert set(User.objects.visible_to(AnonymousUser())) == set()
