"""Writes in the admin site are events like all others."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import HttpRequest

from audit.services import record


class Audited(admin.ModelAdmin):
    """A model in the admin whose additions, changes and deletions go to the audit log too.

    Django's own notes of them (``LogEntry``) can be changed, and tell less than they seem to.
    """

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        """Record a new row; ``message`` is Django's list of what was filled in."""
        record(by=request.user, verb="admin.added", target=obj, new={"what": message})
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        """Record a changed row with the names of its changed fields."""
        record(by=request.user, verb="admin.changed", target=obj, new={"what": message})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Record every row that goes."""
        for obj in queryset:
            record(by=request.user, verb="admin.deleted", target=obj)
        return super().log_deletions(request, queryset)
