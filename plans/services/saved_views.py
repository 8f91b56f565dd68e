"""Saving, renaming, sharing and deleting one's views of the table of measures.

They say nothing of what a plan holds, so the audit log doesn't tell of them.
"""

from django.db import IntegrityError, transaction

from accounts.models import User
from municipalities.models import County
from plans.models import SavedView


class NameIsTaken(Exception):
    """The owner has a view of that name in the county."""


class TooManyViews(Exception):
    """The owner has ``MOST_VIEWS`` views in the county already."""


MOST_VIEWS = 50


def save_view(*, county: County, name: str, query: str, shared: bool, by: User) -> SavedView:
    """Keep a query string, normalised by the caller, under a name. Raises ``NameIsTaken`` and
    ``TooManyViews``."""
    if SavedView.objects.filter(owner=by, county=county).count() >= MOST_VIEWS:
        raise TooManyViews
    view = SavedView(owner=by, county=county, name=name, query=query, shared=shared)
    return _saved(view)


def change_view(*, view: SavedView, name: str, shared: bool) -> SavedView:
    """Rename and share a view, or keep it to oneself. Raises ``NameIsTaken``."""
    view.name, view.shared = name, shared
    return _saved(view)


def delete_view(*, view: SavedView) -> None:
    """Delete a view; deleting it twice does nothing."""
    SavedView.objects.filter(pk=view.pk).delete()


def _saved(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise NameIsTaken from None
    return view
