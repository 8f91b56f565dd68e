"""manage.py demo: reference data, example plans and a user per role."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from municipalities.services import load_reference_data
from plans.demo.example_plans import make_example_plans, make_programme
from plans.demo.synthetic import make_synthetic_plans
from plans.demo.users import DEMO_USERS, PASSWORD, make_demo_users


class Command(BaseCommand):
    """Load everything that one needs to try Lupplan; what is there already is left alone."""

    help = "Loads reference data, the example plans and one demo user per role. Idempotent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale",
            type=int,
            default=0,
            metavar="N",
            help="also N synthetic counties (at most 14), ten years each, 60 measures a plan",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference_data()
        users = make_demo_users()
        made = make_example_plans(users=users)
        self.stdout.write(f"Example plans made: {len(made)}")
        if options["scale"]:
            synthetic = make_synthetic_plans(counties=options["scale"], programme=make_programme())
            self.stdout.write(f"Synthetic plans made: {synthetic}")
        self.stdout.write(f"Demo users (password {PASSWORD}):")
        for user in DEMO_USERS:
            self.stdout.write(f"  {user.email}")
