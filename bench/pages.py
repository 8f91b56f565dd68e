"""CPU, queries and bytes of the pages, each beside the floors, round by round."""

import gzip
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import floors
from bench.data import Data
from plans.models import Measure, PartnerPlan
from plans.urls_for import bench_url, plan_url

REQUESTS = 5  # in a row, in each round
Ask = Callable[[], Any]  # gives the test client's response


@dataclass(frozen=True)
class Figure:
    """What a page costs: milliseconds of CPU, and its ratios to the floors (medians of rounds)."""

    page: str
    queries: int
    cpu_ms: float
    to_small: float
    to_rows: float
    gzip_kb: float
    target: str


def measure_pages(data: Data, rounds: int) -> list[dict[str, object]]:
    """Return a figure per page. Each round asks every page in turn, so that the machine's moods
    fall on floor and page alike."""
    targets = _targets(data)
    asks = {name: ask for name, (ask, _target) in targets.items()}
    facts = {name: _facts(ask) for name, ask in asks.items()}
    seconds: dict[str, list[float]] = {name: [] for name in asks}
    for _round in range(rounds):
        for name, ask in asks.items():
            seconds[name].append(_cpu(ask))
    small, rows = seconds["floor b: small"], seconds["floor c: 60 rows"]
    return [
        asdict(
            Figure(
                page=name,
                queries=facts[name][0],
                cpu_ms=round(statistics.median(seconds[name]) * 1000, 2),
                to_small=_ratio(seconds[name], small),
                to_rows=_ratio(seconds[name], rows),
                gzip_kb=facts[name][1],
                target=target,
            )
        )
        for name, (_ask, target) in targets.items()
    ]


def _targets(data: Data) -> dict[str, tuple[Ask, str]]:
    editor = Client()
    editor.force_login(data.editor)
    visitor = Client()
    draft, signed = data.drafts[60], data.signed[60]
    found: dict[str, tuple[Ask, str]] = {
        "floor b: small": (_floor(editor, "/small/"), "1 × b"),
        "floor c: 60 rows": (_floor(editor, f"/rows/{draft.pk}/"), "1 × c"),
        "small page, logged in (/arbeid/)": (_get(editor, reverse("plans:work")), "≤ 1.7 × b"),
        "signed plan, public, 60": (_get(visitor, plan_url(signed)), "≤ 2 × b"),
        "the same, unchanged (304)": (_unchanged(visitor, plan_url(signed)), "≤ 0.7 × b"),
        "signed plan, public, 600": (_get(visitor, plan_url(data.signed[600])), ""),
        "signed plan, logged in, 60": (_get(editor, plan_url(signed)), ""),
        "measure of a signed plan": (_get(visitor, _page_url(signed, "measure", "1.1")), ""),
        "a version's page": (_get(visitor, _page_url(signed, "version", 1)), ""),
        "JSON of a signed plan": (_get(visitor, _page_url(signed, "json")), ""),
        "its signed PDF, from the store": (_get(visitor, _pdf_url(signed)), "≤ 1 × b"),
        "its signed PDF, unchanged (304)": (_unchanged(visitor, _pdf_url(signed)), "≤ 0.7 × b"),
        "draft plan, 60": (_get(editor, plan_url(draft)), "≤ 1.2 × c"),
        "draft plan, 600": (_get(editor, plan_url(data.drafts[600])), "≤ 7.4 × the 60"),
        "workbench, 60": (_get(editor, bench_url(draft)), "≤ 1.5 × c"),
        "workbench, 600": (_get(editor, bench_url(data.drafts[600])), "≤ 7.4 × the 60"),
        "measure form, GET": (_get(editor, _edit_url(draft)), "≤ 0.6 × c"),
        "measure form, POST": (_save(editor, draft), "≤ 0.5 × c"),
    }
    return found


def _page_url(plan: PartnerPlan, name: str, *more: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *more])


def _edit_url(plan: PartnerPlan) -> str:
    measure = Measure.objects.in_plan(plan.pk)[0]
    return reverse("plans:measure_edit", args=[plan.agreement.county.slug, plan.year, measure.key])


def _pdf_url(plan: PartnerPlan) -> str:
    return reverse("plans:pdf", args=[plan.agreement.county.slug, plan.year])


def _get(client: Client, address: str) -> Ask:
    return lambda: client.get(address)


def _floor(client: Client, address: str) -> Ask:
    with override_settings(ROOT_URLCONF=floors.__name__, MIDDLEWARE=floors.MIDDLEWARE):
        client = _copy(client)
        client.get(address)  # loads the middleware, which the client then keeps

    def ask() -> Any:
        with override_settings(ROOT_URLCONF=floors.__name__):
            return client.get(address)

    return ask


def _copy(client: Client) -> Client:
    copy = Client()
    copy.cookies = client.cookies
    return copy


def _unchanged(client: Client, address: str) -> Ask:
    etag = client.get(address)["ETag"]
    return lambda: client.get(address, headers={"If-None-Match": etag})


def _save(client: Client, plan: PartnerPlan) -> Ask:
    address = _edit_url(plan)
    measure = Measure.objects.in_plan(plan.pk)[0]
    turn = count()

    def ask() -> Any:
        measure.refresh_from_db(fields=["version"])
        answer = client.post(
            address,
            {
                "version": measure.version,
                "title": f"Ny tittel {next(turn)}",
                "kind": "COURSE",
                "language": "nn",
                "municipality_scope": "CHOSEN",
                "period_unit": "QUARTERS",
                "description": "Det som skal gjerast.",
            },
        )
        assert answer.status_code == 302, answer.status_code
        return answer

    return ask


def _facts(ask: Ask) -> tuple[int, float]:
    """Return the queries of a request that is not the first, and its body's size compressed."""
    ask()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    return len(queries), round(len(gzip.compress(answer.content, 6)) / 1000, 1)


def _cpu(ask: Ask) -> float:
    """Return the CPU seconds of one request, over several in a row."""
    before = time.process_time()
    for _request in range(REQUESTS):
        ask()
    return (time.process_time() - before) / REQUESTS


def _ratio(page: list[float], floor: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(page, floor, strict=True)), 2)
