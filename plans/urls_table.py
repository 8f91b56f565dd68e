"""The table of measures and what is done from it, below a plan's /tabell/."""

from django.urls import path

from plans.views import bulk, saved_views, table

urlpatterns = [
    path("", table.table, name="table"),
    path("endring/", bulk.bulk, name="bulk"),
    path("endringar/", bulk.bulk_list, name="bulk_list"),
    path("endringar/<uuid:key>/angre/", bulk.bulk_undo, name="bulk_undo"),
    path("visningar/", saved_views.view_list, name="view_list"),
    path("visningar/ny/", saved_views.view_new, name="view_new"),
    path("visningar/<int:pk>/", saved_views.view_edit, name="view_edit"),
    path("visningar/<int:pk>/slett/", saved_views.view_delete, name="view_delete"),
]
