"""The audit log in the admin: to read, never to change."""

from django.contrib import admin
from django.http import HttpRequest

from audit.models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Lists and shows events."""

    list_display = ["at", "actor", "verb", "target_label"]
    list_filter = ["verb", "target_type"]
    search_fields = ["target_label"]
    list_select_related = ["actor"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False
