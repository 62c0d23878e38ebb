"""``manage.py load_demo``: people, an ontology and a history to try OMS on."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from accounts.exceptions import NameTaken
from oms_project.demo.loader import demo_exists, demo_load, passwords_set
from oms_project.demo.story import Story, story_read
from oms_project.environment import Environment


class Command(BaseCommand):
    help = "Loads the demo once; a later run changes nothing but the passwords, where another one is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", help="of the demo's people; default OMS_DEMO_PASSWORD, else made at random")

    def handle(self, *, password: str | None, **_options: Any) -> None:
        story = story_read()
        given = password or Environment.of_process().text("OMS_DEMO_PASSWORD")
        if demo_exists(story):
            self.stdout.write(_again(story, given))
            return
        chosen = given or secrets.token_urlsafe(12)
        try:
            demo_load(story=story, password=chosen)
        except NameTaken as error:
            raise CommandError("The demo is not loaded: one of its people has an account here already.") from error
        people = ", ".join(f"{person.username} ({person.role})" for person in story.people)
        self.stdout.write(f"The demo is loaded: repository {story.repository['name']}, people {people}.")
        if not given:
            self.stdout.write(f"Their password is {chosen}")


def _again(story: Story, password: str) -> str:
    if password and passwords_set(story=story, password=password):
        return "The demo is there already; its people have the given password now."
    return "The demo is there already."
