"""The public addresses; the workbench's stand in urls_work.py."""

from django.urls import include, path, register_converter

from plans.views import checking, downloads, reading, versions, versions_compare

app_name = "plans"


class MeasureNumber:
    """A measure's number, such as 2.13."""

    regex = r"\d\.\d{1,4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MeasureNumber, "measure")

PLAN = "planar/<slug:county>/<int:year>/"
VERSION = f"{PLAN}versjonar/<int:number>/"
MUNICIPALITY = f"{PLAN}kommunar/<slug:number>/"

urlpatterns = [
    path("", reading.front, name="front"),
    path("planar/", reading.index, name="index"),
    path(PLAN, reading.plan, name="plan"),
    path(f"{PLAN}plan.pdf", downloads.pdf, name="pdf"),
    path(f"{PLAN}plan.json", downloads.json, name="json"),
    path(f"{PLAN}tiltak/<measure:number>/", reading.measure, name="measure"),
    path(f"{PLAN}mine/", reading.own, name="own"),
    path(f"{PLAN}kommunar/", reading.municipalities, name="municipalities"),
    path(MUNICIPALITY, reading.municipality, name="municipality"),
    path(f"{MUNICIPALITY}plan.pdf", downloads.municipality_pdf, name="municipality_pdf"),
    path(f"{PLAN}versjonar/", versions.versions, name="versions"),
    path(VERSION, versions.version, name="version"),
    path(f"{VERSION}plan.pdf", versions.version_pdf, name="version_pdf"),
    path(f"{VERSION}plan.json", versions.version_json, name="version_json"),
    path(f"{VERSION}samanlikn/", versions_compare.version_compare, name="version_compare"),
    path("arbeid/", include("plans.urls_work")),
    path("arbeid/", include("plans.urls_input")),
    path("kontroll/", checking.check, name="check"),
]
