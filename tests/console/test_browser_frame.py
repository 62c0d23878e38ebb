"""What every page has in common: the policy holds, it fits, it can be worked by keyboard and read in the dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Event, Repository, Role
from history.selectors import branch_get
from history.services import branch_create, commit_create
from merging.models import Proposal, Verdict
from merging.services import (
    Way,
    comment_create,
    comment_edit,
    conflict_resolve,
    finding_override,
    proposal_merge,
    proposal_open,
    proposal_preview,
    protection_rule_create,
    queue_advance,
    queue_enter,
    review_submit,
    thread_resolve,
)
from tests.console.conftest import PERSON
from tests.factories import UserFactory

WORLD = "/console/repositories/world/"
PAGES = {
    "start": "/console/",
    "new repository": "/console/new/",
    "repository": WORLD,
    "branches": f"{WORLD}branches/",
    "commits": f"{WORLD}commits/?all=1",
    "events": f"{WORLD}events/",
    "compare": f"{WORLD}compare/?base=main&head=topic&layout=unified",
    "breaks": f"{WORLD}compare/?base=main&head=topic&view=breaks",
    "graph": f"{WORLD}graph/",
    "graph focus": f"{WORLD}graph/?focus=object_type/Person&depth=2",
    "graph nothing": f"{WORLD}graph/?focus=Nowhere",
    "merge": f"{WORLD}merge/?source=topic&target=main&layout=split",
    "proposals": f"{WORLD}proposals/",
    "merge queue": f"{WORLD}queue/",
    "new proposal": f"{WORLD}proposals/new/?source=topic",
    "proposal": f"{WORLD}proposals/1/",
    "proposal failed": f"{WORLD}proposals/3/",
    "proposal commits": f"{WORLD}proposals/1/commits/",
    "proposal changes": f"{WORLD}proposals/1/changes/",
    "proposal breaks": f"{WORLD}proposals/1/breaks/",
    "proposal edit": f"{WORLD}proposals/1/edit/",
    "conflicts": f"{WORLD}proposals/1/conflicts/",
    "conflicts remembered": f"{WORLD}proposals/2/conflicts/",
    "kinds": f"{WORLD}resources/new/?ref=main",
    "new resource": f"{WORLD}resources/new/?ref=main&kind=action_type",
    "import": f"{WORLD}import/",
    "resource": f"{WORLD}resources/object_type/Person/",
    "resource history": f"{WORLD}resources/object_type/Person/?view=history",
    "resource json": f"{WORLD}resources/object_type/Person/?view=json",
    "editor": f"{WORLD}resources/object_type/Person/edit/?ref=main",
    "rename": f"{WORLD}resources/object_type/Person/rename/?ref=main",
    "delete": f"{WORLD}resources/object_type/Person/delete/?ref=main",
    "forgotten": "/console/login/forgotten/",
    "link": "/console/links/invitation/",
    "confirm": "/console/account/confirm/",
    "profile": "/console/account/profile/",
    "password": "/console/account/password/",
    "second factors": "/console/account/factors/",
    "authenticator application": "/console/account/factors/application/",
    "new passkey": "/console/account/passkeys/new/",
    "own sessions": "/console/account/sessions/",
    "own keys": "/console/account/api-keys/",
    "new key": "/console/account/api-keys/new/",
    "identities": "/console/account/identities/",
    "security log": "/console/account/security-log/",
    "administration": "/console/administration/",
    "who may do what": "/console/administration/authorization/?user=ada&permission=accounts.manage_users",
    "users": "/console/accounts/user/",
    "new user": "/console/accounts/user/add/",
    "invitation": "/console/accounts/user/add/?invite=1",
    "policies": "/console/accounts/passwordpolicy/",
    "new policy": "/console/accounts/passwordpolicy/add/",
    "roles": "/console/accounts/rolesettings/",
    "role": "/console/accounts/rolesettings/viewer/change/",
    "sessions": "/console/accounts/session/",
    "keys": "/console/accounts/apikey/",
    "grants": "/console/accounts/resourcegrant/",
    "new grant": "/console/accounts/resourcegrant/add/",
    "refused sign-ins": "/console/axes/accessattempt/",
    "repositories": "/console/history/repository/",
}


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(username="ada", display_name="Ada", role=Role.ADMINISTRATOR)


@pytest.fixture
def world(repository: Repository, person: Commit, alice: User, commit: Callable) -> Repository:
    branch_create(actor=alice, repository=repository, name="topic")
    properties = {name: member for name, member in PERSON["properties"].items() if name != "fullName"}
    somebody = {**PERSON, "description": {"en": "Somebody."}, "properties": properties, "status": "active"}
    commit(Put("object_type", "Person", somebody), branch="topic")
    ends = {"source": {"types": ["Person"]}, "target": {"types": ["Person"]}, "cardinality": "many_to_many"}
    commit(Put("link_type", "knows", ends), Put("interface", "Named", {}))
    commit(Put("object_type", "Person", {**PERSON, "description": {"en": "Anybody."}}))
    discussed(repository, alice)
    return repository


def discussed(repository: Repository, author: User) -> None:
    """A proposal with something of everything, and a conflict that another one remembers."""
    earlier = proposal_open(actor=author, repository=repository, title="Say who a person is", source="topic")
    [said] = proposal_preview(actor=author, proposal=earlier).conflicts
    conflict_resolve(actor=author, proposal=earlier, conflict=said.conflict.id, resolution="theirs")
    path = "/resources/object_type/Person/description"
    comment = comment_create(actor=author, proposal=earlier, body="Is that everybody?", path=path)
    comment_create(actor=author, proposal=earlier, body="Nearly.", parent=comment)
    thread_resolve(actor=author, comment=comment_create(actor=author, proposal=earlier, body="Settled."))
    found = proposal_preview(actor=author, proposal=earlier).preview.findings[0]
    finding_override(actor=author, proposal=earlier, rule=found.rule, path=found.path, reason="Nobody reads it.")
    review_submit(actor=author, proposal=earlier, verdict=Verdict.REQUEST_CHANGES, body="The full name is needed.")
    rule = {"pattern": "main", "required_approvals": 1, "required_checks": ["lint"], "bypass_roles": ["administrator"]}
    protection_rule_create(actor=author, repository=repository, fields=rule)
    branch_create(actor=author, repository=repository, name="again", start="topic")
    proposal_open(actor=author, repository=repository, title="Say it once more", source="again", draft=True)
    queued(repository, author, earlier)
    remembered(repository, author)


def remembered(repository: Repository, author: User) -> None:
    """The same conflict in a proposal that was merged into another target."""
    for name, start in (("release", "main"), ("said", "topic")):
        branch_create(actor=author, repository=repository, name=name, start=start)
    merged = proposal_open(actor=author, repository=repository, title="Say it", source="said", target="release")
    [said] = proposal_preview(actor=author, proposal=merged).conflicts
    conflict_resolve(actor=author, proposal=merged, conflict=said.conflict.id, resolution="theirs")
    proposal_merge(actor=author, proposal=merged)


def queued(repository: Repository, author: User, waiting: Proposal) -> None:
    """A proposal that left the queue with a problem, and ``waiting`` in it."""
    branch_create(actor=author, repository=repository, name="names", start="main")
    change = Put("interface", "Aged", {})
    commit_create(actor=author, branch=branch_get(repository, "names"), changes=[change], message="Age")
    failed = proposal_open(actor=author, repository=repository, title="Say how old things are", source="names")
    queue_enter(actor=author, proposal=failed)
    queue_advance(repository=repository, target="main")
    queue_enter(actor=author, proposal=waiting, way=Way.SQUASH)


def test_every_page_fits_is_readable_names_its_controls_and_keeps_to_the_policy(
    page_of: Callable[..., Page],
    ada: User,
    world: Repository,
    person: Commit,
    screenshot: Callable,
    subtests: pytest.Subtests,
) -> None:
    """In the light and in the dark, on a phone and on a wide screen.

    WCAG 2.2, 1.4.3: text stands out from its ground by at least 4.5 to 1.

    The fixture sees to the policy: its violations are said in the browser's console.
    """
    page = page_of(ada)
    event = Event.objects.filter(repository=world).first()
    comment = comment_create(actor=ada, proposal=world.proposals.get(number=1), body="Nobdy else?")
    comment_edit(actor=ada, comment=comment, body="Nobody else?")
    more = {
        "commit": f"{WORLD}commits/{person.digest}/",
        "event": f"{WORLD}events/{event.uuid}/",
        "comment edit": f"{WORLD}proposals/1/comments/{comment.pk}/edit/",
    }
    for name, address in {**PAGES, **more}.items():
        with subtests.test(name):
            page.goto(address)
            expect(page.locator("main")).to_be_visible()
            assert page.evaluate(NAMELESS) == []
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                for width in (360, 1600):
                    page.set_viewport_size({"width": width, "height": 900})
                    assert page.evaluate(TOO_WIDE) <= 0, width
                    screenshot(page, f"{name}-{scheme}-{width}")
                assert page.evaluate(CONTRAST) == [], scheme


TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

NAMELESS = """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => element.offsetParent)
    .filter((element) => !(
        element.getAttribute("aria-label") || element.textContent.trim() || element.title || element.labels?.length
        || element.value && ["submit", "button", "image"].includes(element.type)
    )).map((element) => element.outerHTML)"""

CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const channels = (color, under) => {
        canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const css = (rgb) => `rgb(${rgb.join()})`;
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        const under = element.parentElement ? ground(element.parentElement) : channels("Canvas", "white");
        return channels(getComputedStyle(element).backgroundColor, css(under));
    };
    const poor = [];
    for (const element of document.querySelectorAll("body *")) {
        const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!text || !element.offsetParent || element.matches("option, :disabled, .skip") || element.closest("svg")) continue;
        const under = ground(element);
        const [a, b] = [luminance(channels(getComputedStyle(element).color, css(under))), luminance(under)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 120)}`);
    }
    return poor;
}"""


def test_the_theme_is_chosen_and_kept(page_of: Callable[..., Page], alice: User) -> None:
    page = page_of(alice, color_scheme="light")
    page.goto("/console/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Theme: as the system").click()
    page.get_by_label("Theme: light").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    page.get_by_label("Theme: dark").click()
    assert page.evaluate(ground) == light


def test_the_console_speaks_korean(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(WORLD)
    page.get_by_label("Language").click()
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("link", name="새 리소스")).to_be_visible()
    expect(page.get_by_text("사람")).to_be_visible()


def test_it_can_be_worked_by_keyboard(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(WORLD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("per")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Person", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Address", exact=True)).to_be_hidden()
    page.get_by_text("Export").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="OMS document (YAML)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="OMS document (YAML)")).to_be_hidden()
