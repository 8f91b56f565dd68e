"""Deliveries: to a folder and to a bucket, once, again, and when something is wrong."""

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from moto.server import ThreadedMotoServer

from accounts import duties
from accounts.models import Notice
from audit.models import Event
from audit.services import verify
from plans.enums import ArchiveVariant, JobState, PlanState
from plans.models import ArchiveDelivery, PartnerPlan
from plans.services import archive_jobs, archive_targets
from plans.services.archive_jobs import AskedAlready, NoTarget, ask_for_delivery
from plans.services.archive_targets import Bucket, Folder
from plans.services.archiving import NotSigned
from plans.services.transitions import move_plan
from plans.services.version_jobs import GiveUp, TryLater
from tests.factories.plans import make_plan
from tests.factories.versions import make_version, set_state
from tests.plans.archive.conftest import packed
from tests.plans.conftest import World

FULL = ArchiveVariant.FULL
CONTENT = b"PK"
SUM = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an object store on this machine, with a bucket called arkiv."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client(address).create_bucket(Bucket="arkiv")
    yield address
    server.stop()


def client(address: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )


@pytest.fixture
def bucket(s3: str, settings: Any) -> Any:
    """A client to look into the bucket with; packages are delivered there."""
    settings.ARCHIVE_TARGET = "s3://arkiv/lupplan"
    settings.ARCHIVE_S3_ENDPOINT = s3
    settings.ARCHIVE_S3_REGION = "us-east-1"
    settings.ARCHIVE_S3_ACCESS_KEY = "key"
    settings.ARCHIVE_S3_SECRET_KEY = "secret"
    found = client(s3)
    for entry in found.list_objects_v2(Bucket="arkiv").get("Contents", []):
        found.delete_object(Bucket="arkiv", Key=entry["Key"])
    return found


def asked(plan: PartnerPlan, variant: ArchiveVariant = FULL, **values: Any) -> ArchiveDelivery:
    """Return a delivery that nobody has begun on."""
    return ArchiveDelivery.objects.create(
        **{
            "plan": plan,
            "version_id": plan.in_force_id,
            "variant": variant,
            "target": "/nowhere",
            "by": None,
            **values,
        }
    )


def test_a_package_is_delivered_to_a_folder(
    world: World, plan: PartnerPlan, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        delivery = ask_for_delivery(plan=plan, variant=FULL, by=world.editor)
    delivery.refresh_from_db()
    (file,) = folder.iterdir()
    content = file.read_bytes()
    assert content == packed(plan)
    assert (delivery.state, delivery.error, delivery.attempts) == (JobState.DONE, "", 1)
    assert delivery.sha256 == hashlib.sha256(content).hexdigest()
    assert delivery.size == len(content)
    assert delivery.name == f"partnarplan-fjordane-2022-{delivery.sha256[:12]}.zip" == file.name
    assert delivery.done_at is not None
    told = list(Event.objects.filter(verb__startswith="archive.").order_by("pk"))
    assert [event.verb for event in told] == ["archive.asked", "archive.delivered"]
    assert told[1].actor == world.editor
    assert told[1].new["sha256"] == delivery.sha256
    verify()


def test_delivering_again_leaves_what_is_there(plan: PartnerPlan, folder: Path) -> None:
    assert archive_jobs.do(asked(plan, target=str(folder)).pk)
    (file,) = folder.iterdir()
    before = file.stat().st_mtime_ns
    assert archive_jobs.do(asked(plan, target=str(folder)).pk)
    assert [found.stat().st_mtime_ns for found in folder.iterdir()] == [before]
    # What changed since lies beside it.
    make_version(plan)
    assert archive_jobs.do(asked(plan, target=str(folder)).pk)
    assert len(list(folder.iterdir())) == 2


def test_both_variants_lie_beside_each_other(plan: PartnerPlan, folder: Path) -> None:
    for variant in ArchiveVariant:
        assert archive_jobs.do(asked(plan, variant, target=str(folder)).pk)
    names = sorted(file.name.rpartition("-")[0] for file in folder.iterdir())
    assert names == ["partnarplan-fjordane-2022", "partnarplan-fjordane-2022-skjerma"]


def test_a_package_is_delivered_to_a_bucket_once(plan: PartnerPlan, bucket: Any) -> None:
    for _time in range(2):
        delivery = asked(plan, target="s3://arkiv/lupplan")
        assert archive_jobs.do(delivery.pk)
    delivery.refresh_from_db()
    (entry,) = bucket.list_objects_v2(Bucket="arkiv")["Contents"]
    assert entry["Key"] == f"lupplan/{delivery.name}"
    found = bucket.get_object(Bucket="arkiv", Key=entry["Key"])
    assert found["Body"].read() == packed(plan)
    assert found["Metadata"] == {"sha256": delivery.sha256}


@pytest.mark.usefixtures("bucket")
def test_a_bucket_takes_a_name_once() -> None:
    place = Bucket("arkiv", "")
    place.put("pakke.zip", io.BytesIO(CONTENT), SUM)
    place.put("pakke.zip", io.BytesIO(CONTENT), SUM)
    with pytest.raises(GiveUp, match=r"pakke\.zip"):
        place.put("pakke.zip", io.BytesIO(b"anna"), hashlib.sha256(b"anna").hexdigest())


def test_of_two_that_put_at_once_a_bucket_takes_the_first(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Bucket("arkiv", "")
    bucket.put_object(Bucket="arkiv", Key="pakke.zip", Body=b"anna")
    sums = iter((None, hashlib.sha256(b"anna").hexdigest()))
    monkeypatch.setattr(place, "_sum_of", lambda key: next(sums))

    def refused(**_values: object) -> None:
        error = {"Error": {"Code": "PreconditionFailed"}}
        raise archive_targets.ClientError(error, "PutObject")  # type: ignore[arg-type]

    monkeypatch.setattr(place._client, "put_object", refused)
    with pytest.raises(GiveUp):
        place.put("pakke.zip", io.BytesIO(CONTENT), SUM)


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_tried_later() -> None:
    with pytest.raises(TryLater, match="NoSuchBucket"):
        Bucket("ingen", "").put("pakke.zip", io.BytesIO(CONTENT), SUM)


def test_a_bucket_that_does_not_answer_is_tried_later(settings: Any, bucket: Any) -> None:
    settings.ARCHIVE_S3_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(TryLater, match="EndpointConnectionError"):
        Bucket("arkiv", "").put("pakke.zip", io.BytesIO(CONTENT), SUM)


def test_a_folder_takes_a_name_once(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    for _time in range(2):
        place.put("pakke.zip", io.BytesIO(CONTENT), SUM)
    with pytest.raises(GiveUp, match=r"pakke\.zip"):
        place.put("pakke.zip", io.BytesIO(b"anna"), hashlib.sha256(b"anna").hexdigest())
    assert [file.name for file in tmp_path.iterdir()] == ["pakke.zip"]
    assert (tmp_path / "pakke.zip").read_bytes() == CONTENT


def test_of_two_that_put_at_once_a_folder_takes_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pakke.zip").write_bytes(b"anna")
    monkeypatch.setattr(Path, "exists", lambda self: False)
    with pytest.raises(GiveUp):
        Folder(tmp_path).put("pakke.zip", io.BytesIO(CONTENT), SUM)
    assert [file.name for file in tmp_path.iterdir()] == ["pakke.zip"]
    assert (tmp_path / "pakke.zip").read_bytes() == b"anna"


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(TryLater, match="No space left on device"):
        Folder(tmp_path).put("pakke.zip", Full(), SUM)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(world: World, plan: PartnerPlan) -> None:
    delivery = asked(plan)
    assert not archive_jobs.do(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (JobState.WAITING, 1)
    assert delivery.error
    assert timezone.now() < delivery.next_at <= timezone.now() + archive_jobs.WAITS[0]
    # Its turn hasn't come.
    assert not archive_jobs.do(delivery.pk)
    assert archive_jobs.do_due() == 0
    assert not Path("/nowhere").exists()


def test_after_the_last_attempt_it_is_given_up_and_told(world: World, plan: PartnerPlan) -> None:
    delivery = asked(plan)
    for attempt in range(1, len(archive_jobs.WAITS) + 2):
        ArchiveDelivery.objects.update(next_at=timezone.now())
        assert not archive_jobs.do(delivery.pk)
        delivery.refresh_from_db()
        assert delivery.attempts == attempt
    assert delivery.state == JobState.FAILED
    notice = Notice.objects.get(kind="plan.not_archived")
    assert notice.user == world.editor
    assert notice.path == "/arbeid/fjordane/2022/arkiv/"


def test_another_file_in_its_place_is_given_up_at_once(plan: PartnerPlan, folder: Path) -> None:
    sha256 = hashlib.sha256(packed(plan)).hexdigest()
    place = folder / f"partnarplan-fjordane-2022-{sha256[:12]}.zip"
    place.write_bytes(b"anna")
    delivery = asked(plan, target=str(folder))
    assert not archive_jobs.do(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (JobState.FAILED, 1)
    assert place.read_bytes() == b"anna"


def test_a_fault_of_ours_is_tried_again(
    plan: PartnerPlan, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    delivery = asked(plan, target=str(folder))
    with monkeypatch.context() as patch:
        patch.setattr(archive_jobs, "write_archive", broken)
        assert not archive_jobs.do(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == JobState.WAITING
    assert "ZeroDivisionError" not in delivery.error
    ArchiveDelivery.objects.update(next_at=timezone.now())
    assert archive_jobs.do_due() == 1


def test_words_that_cannot_be_read_say_so_and_wait(
    plan: PartnerPlan, folder: Path, settings: Any
) -> None:
    settings.ARCHIVE_WORDS = str(folder / "ingen.toml")
    delivery = asked(plan, target=str(folder))
    assert not archive_jobs.do(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == JobState.WAITING
    assert "ingen.toml" in delivery.error


def test_a_killed_worker_s_delivery_is_found_again(plan: PartnerPlan, folder: Path) -> None:
    delivery = asked(
        plan,
        target=str(folder),
        state=JobState.RUNNING,
        attempts=1,
        claimed_at=timezone.now() - archive_jobs.STUCK_AFTER - timedelta(seconds=1),
    )
    assert archive_jobs.do_due() == 0
    assert archive_jobs.reap() == 1
    assert archive_jobs.do_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (JobState.DONE, 2)
    assert {archive_jobs.reap, archive_jobs.do_due} <= set(duties.registered())


def test_what_kills_its_worker_each_time_is_given_up(plan: PartnerPlan, folder: Path) -> None:
    delivery = asked(
        plan,
        target=str(folder),
        state=JobState.RUNNING,
        attempts=len(archive_jobs.WAITS) + 1,
        claimed_at=timezone.now() - archive_jobs.STUCK_AFTER - timedelta(seconds=1),
    )
    assert archive_jobs.reap() == 0
    assert archive_jobs.do_due() == 0
    delivery.refresh_from_db()
    assert (delivery.state, bool(delivery.error)) == (JobState.FAILED, True)
    assert Notice.objects.filter(kind="plan.not_archived").exists()


def test_who_was_taken_for_dead_does_not_end_another_s(plan: PartnerPlan, folder: Path) -> None:
    delivery = asked(plan, target=str(folder), state=JobState.RUNNING, attempts=2)
    late = ArchiveDelivery.objects.get(pk=delivery.pk)
    late.attempts = 1
    done = archive_jobs._end(late, {"name": "x.zip", "size": 1, "sha256": "0" * 64})
    delivery.refresh_from_db()
    assert (done, delivery.state, delivery.name) == (False, JobState.RUNNING, "")
    assert not Event.objects.filter(verb="archive.delivered").exists()


def test_only_one_of_a_kind_is_on_its_way(plan: PartnerPlan, folder: Path) -> None:
    ask_for_delivery(plan=plan, variant=FULL, by=None)
    with pytest.raises(AskedAlready):
        ask_for_delivery(plan=plan, variant=FULL, by=None)
    ask_for_delivery(plan=plan, variant=ArchiveVariant.SCREENED, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(plan, target=str(folder))


def test_what_cannot_be_asked_for(world: World, plan: PartnerPlan, folder: Path) -> None:
    unsigned = make_plan(county=world.county, year=2023, agreement=plan.agreement)
    with pytest.raises(NotSigned):
        ask_for_delivery(plan=unsigned, variant=FULL, by=None)


def test_without_a_target_nothing_is_delivered(plan: PartnerPlan) -> None:
    with pytest.raises(NoTarget):
        ask_for_delivery(plan=plan, variant=FULL, by=None)
    archive_jobs.deliver_by_itself(plan=plan)
    assert not ArchiveDelivery.objects.exists()


def test_a_plan_that_both_have_signed_is_delivered_by_itself(
    world: World, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    plan = make_plan(county=world.county, measures=1)
    plan = set_state(plan, PlanState.FOR_SIGNATURE)
    make_version(plan)
    PartnerPlan.objects.filter(pk=plan.pk).update(in_force=None)
    with django_capture_on_commit_callbacks(execute=True):
        move_plan(plan=plan, to=PlanState.ACTIVE, by=None)
    delivery = ArchiveDelivery.objects.get()
    assert (delivery.state, delivery.by, delivery.variant) == (JobState.DONE, None, FULL)
    assert [file.name for file in folder.iterdir()] == [delivery.name]


def test_what_was_signed_while_one_was_on_its_way_is_delivered_too(
    plan: PartnerPlan, folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An amendment comes in force after the package of the first version was made."""
    settings.ARCHIVE_TARGET = str(folder)
    first = asked(plan, target=str(folder))
    write = archive_jobs.write_archive

    def signed_meanwhile(*args: Any) -> None:
        write(*args)
        monkeypatch.setattr(archive_jobs, "write_archive", write)
        make_version(plan)
        archive_jobs.deliver_by_itself(plan=plan)

    monkeypatch.setattr(archive_jobs, "write_archive", signed_meanwhile)
    archive_jobs.do(first.pk)
    archive_jobs.do_due()
    plan.refresh_from_db()
    rows = ArchiveDelivery.objects.order_by("pk")
    assert [row.state for row in rows] == [JobState.DONE, JobState.DONE]
    assert rows[1].version_id == plan.in_force_id != rows[0].version_id
