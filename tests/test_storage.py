"""Places by address: a real S3-compatible server on loopback, and the memory of fsspec where no server matters."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path

import boto3
import pytest

import compare
from compare import plan_files, snapshots, storage
from compare.problems import PlanError
from compare.storage import Storage, as_place
from tests.conftest import fictional_follow_up


@pytest.fixture
def memory(request) -> Storage:
    """An empty place in the memory of this process."""
    pytest.importorskip("fsspec")
    return Storage(f"memory://{request.node.name}/place")


def test_a_file_address_is_a_folder_of_this_machine(tmp_path):
    assert as_place(tmp_path.as_uri()) == tmp_path
    assert as_place("data/plans") == Path("data/plans")


def test_an_address_keeps_both_its_slashes():
    assert as_place("s3://bucket/site/") == "s3://bucket/site"


def test_a_file_address_of_another_machine_is_told():
    with pytest.raises(PlanError, match="three slashes"):
        as_place("file://data/plans")


@pytest.mark.parametrize("address", ["s3://", "xyz://bucket/a"])
def test_an_address_that_leads_nowhere_is_told(address):
    with pytest.raises(PlanError, match="s3://bucket/folder"):
        Storage(address)


def test_what_is_put_is_listed_read_copied_and_removed_under_its_name(memory, tmp_path):
    (tmp_path / "a").write_text("å", encoding="utf-8")
    memory.put({"x/a": tmp_path / "a", "b": tmp_path / "a"})
    memory.copy({"b": "x/c"})
    assert memory.names() == ["b", "x/a", "x/c"]
    assert memory.names("x") == ["x/a", "x/c"]
    assert memory.read_all(["x/c", "gone"]) == {"x/c": "å".encode()}
    assert memory.read("gone") is None
    memory.fetch(["x/a"], tmp_path / "there")
    assert (tmp_path / "there" / "x" / "a").read_text(encoding="utf-8") == "å"
    memory.remove(["b", "x/a"])
    assert memory.names() == ["x/c"]


def test_a_missing_extra_is_told_with_how_to_install_it(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] in ("fsspec", "s3fs")]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.split(".")[0] in ("fsspec", "s3fs"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PlanError, match=r"plancompare\[storage\]"):
        Storage("s3://plans/snapshots")


def test_a_missing_bucket_is_told(s3):
    with pytest.raises(PlanError, match=r"s3://none/snapshots: not found .*create the bucket"):
        compare.open("s3://none/snapshots")
    with pytest.raises(PlanError, match="create the bucket"):
        Storage("s3://none/site").names()


def test_refused_credentials_are_told(s3, refusing):
    with pytest.raises(PlanError, match=r"refused access.*credentials"):
        compare.open("s3://plans/snapshots")


def test_missing_credentials_are_told(s3, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(PlanError, match=r"s3://plans/site: the storage cannot be used .*credentials"):
        Storage("s3://plans/site").names()


@pytest.fixture
def plans(tmp_path) -> Path:
    tables = fictional_follow_up("T1", {"Bygg en gångbro": "expected"})
    plan_files.write(tables, tmp_path / "plans" / tables.documents["document_id"][0])
    return tmp_path / "plans"


def test_a_snapshot_loaded_to_object_storage_opens_from_there_as_from_a_folder(s3, plans, tmp_path):
    loaded = snapshots.load(plans, "s3://plans/snapshots")
    local = snapshots.load(plans, tmp_path / "s").plans
    storage.mirror.cache_clear()  # as another process, which has fetched nothing
    opened = compare.open("s3://plans/snapshots/")
    assert loaded.is_new
    assert opened.id == local.id
    assert opened.folder != loaded.plans.folder
    for path in local.folder.iterdir():
        assert (opened.folder / path.name).read_bytes() == path.read_bytes()
    assert snapshots.open(opened.folder.parent).id == local.id  # notebooks of a run open the folder


def test_an_equal_load_stores_nothing_again(s3, plans):
    first = snapshots.load(plans, "s3://plans/snapshots")
    table = f"snapshots/{first.plans.id}/statuses.parquet"
    before = boto3.client("s3").head_object(Bucket="plans", Key=table)["LastModified"]
    assert not snapshots.load(plans, "s3://plans/snapshots").is_new
    assert boto3.client("s3").head_object(Bucket="plans", Key=table)["LastModified"] == before


@pytest.mark.parametrize("name", ["goals.parquet", "datapackage.json"])
def test_a_damaged_snapshot_is_stored_anew_by_the_next_load(s3, plans, name):
    loaded = snapshots.load(plans, "s3://plans/snapshots")
    stored = Storage("s3://plans/snapshots")
    whole = stored.read(f"{loaded.plans.id}/{name}")
    stored.write(f"{loaded.plans.id}/{name}", b"damaged")
    assert snapshots.load(plans, "s3://plans/snapshots").is_new
    assert stored.read(f"{loaded.plans.id}/{name}") == whole


def test_an_earlier_snapshot_opens_by_id_and_by_its_own_address(s3, plans):
    old = snapshots.load(plans, "s3://plans/snapshots").plans
    path = next(plans.glob("*/statuses.csv"))
    path.write_text(path.read_text(encoding="utf-8").replace("expected", "cancelled"), encoding="utf-8")
    new = snapshots.load(plans, "s3://plans/snapshots").plans
    storage.mirror.cache_clear()
    assert compare.open("s3://plans/snapshots").id == new.id
    assert compare.open("s3://plans/snapshots", old.id).statuses["status"].tolist() == ["expected"]
    assert compare.open(f"s3://plans/snapshots/{old.id}").id == old.id


def test_a_snapshot_stored_without_its_description_is_none(s3, plans):
    snapshot = snapshots.load(plans, "s3://plans/snapshots").plans
    storage.mirror.cache_clear()
    Storage("s3://plans/snapshots").remove([f"{snapshot.id}/datapackage.json"])
    with pytest.raises(PlanError, match=f"no snapshot '{snapshot.id}'; there are: none"):
        compare.open("s3://plans/snapshots")


def test_a_pointer_that_leads_out_of_the_folder_is_followed_nowhere(s3):
    Storage("s3://plans/snapshots").write("current", b"../../secret\n")
    with pytest.raises(PlanError, match="no snapshot"):
        compare.open("s3://plans/snapshots")


def test_a_table_that_is_not_what_its_check_sum_says_is_told(s3, plans):
    snapshot = snapshots.load(plans, "s3://plans/snapshots").plans
    storage.mirror.cache_clear()
    Storage("s3://plans/snapshots").write(f"{snapshot.id}/statuses.parquet", b"torn")
    with pytest.raises(PlanError, match="check sum"):
        compare.open("s3://plans/snapshots")


def test_no_snapshot_at_an_address_is_told_with_what_makes_one(s3):
    with pytest.raises(PlanError, match="plancompare load --snapshots s3://plans/snapshots"):
        compare.open("s3://plans/snapshots")
