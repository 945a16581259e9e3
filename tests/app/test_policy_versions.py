"""Policy data at the desk: who may read and change it, what is refused, what a new version does."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from policy_stage import CATALOG, GRADES, LOAN, Desk, Office, changed, office, without_e, zipped
from sqlalchemy import select

from bot.cases.case_models import Audit
from bot.catalog.load import load_catalog
from bot.policy import bundle, store
from bot.policy.bundle import BadUpload, read_upload
from bot.policy.files import deciding, read_folder
from bot.policy.register import folder_in_use
from bot.settings import Settings

pytestmark = pytest.mark.app

VERSIONS = "/desk/catalog/versions"


@pytest.fixture
async def place(settings: Settings) -> AsyncIterator[Office]:
    async with office(settings) as running:
        yield running


@pytest.fixture
async def lead(place: Office) -> Desk:
    return await place.log_in("fuzeren", "lead")


async def verdict(place: Office, session: str | None = None) -> tuple[str, str]:
    """(session, how the loan comes out for a firm of grade E)"""
    if session is None:
        session = (await place.client.say(None, payload="set:knowledge_value_grade:E"))["session"]
    answer = await place.client.say(session, payload="check:knowledge_value_loan")
    found = {item["product"]: item["verdict"] for item in answer["state"]["ranking"]}
    assert answer["replies"]
    return session, found["knowledge_value_loan"]


async def audit_of(place: Office) -> list[tuple[str, str, str]]:
    async with place.app.database.read() as session:
        lines = await session.scalars(select(Audit).order_by(Audit.seq))
        return [(line.actor, line.action, line.subject) for line in lines]


async def test_everybody_at_the_desk_reads_the_policy_data(place: Office) -> None:
    anonymous = await place.client.get("/desk/catalog")
    assert (anonymous.status_code, anonymous.headers["location"]) == (303, "/desk/login")
    desk = await place.log_in("zhuanyuan", "officer")
    listing = (await desk.get("/desk/catalog")).text
    assert all(product.name in listing for product in place.policy.catalog.products.values())
    for product in place.policy.catalog.products.values():
        page = (await desk.get(f"/desk/catalog/products/{product.id}")).text
        assert all(clause.id in page for clause in product.clauses)
    page = (await desk.get("/desk/catalog/products/knowledge_value_loan")).text
    assert "2017-05-18 起" in page
    assert "现在不适用" in page
    assert "E级，新口径公布的当天" in page
    assert "高新技术企业" in (await desk.get("/desk/catalog/cards")).text
    assert "kv-cqrb-2023" in (await desk.get("/desk/catalog/sources")).text
    assert (await desk.get("/desk/catalog/products/none")).status_code == 404


@pytest.mark.parametrize("role", ["officer", "auditor"])
async def test_only_leads_change_it(place: Office, role: str) -> None:
    desk = await place.log_in("zhuanyuan", role)
    page = await desk.get(VERSIONS)
    assert (page.status_code, "上传新版本" in page.text) == (200, False)
    # The token of another page: the form itself is not shown to them.
    sent = await desk.post(VERSIONS, VERSIONS, {"note": ""}, [("catalog.zip", zipped(without_e()))])
    assert sent.status_code == 403
    assert (await desk.post(VERSIONS, f"{VERSIONS}/1/use", {"base": "1"})).status_code == 403
    assert (await desk.get(f"{VERSIONS}/1")).status_code == 403
    async with place.app.database.read() as session:
        assert len(await store.listed(session)) == 1


async def test_a_new_version_answers_without_a_restart_and_the_old_one_comes_back(
    place: Office, lead: Desk
) -> None:
    session, before = await verdict(place)
    handed = await place.client.say(session, payload="human")
    number = handed["state"]["case"]["number"]
    first = place.policy.catalog.version

    sent = await lead.upload(("catalog.zip", zipped(without_e())), note="E级不再够")
    assert sent.status_code == 303, sent.text
    page = sent.headers["location"]
    shown = (await lead.get(page)).text
    assert "kv.grade" in shown
    assert number in shown
    assert "满足已公布条件" in shown
    assert "不满足" in shown
    # Nothing happens before it is confirmed.
    assert (await verdict(place, session))[1] == before == "meets_published"

    assert (await lead.use(page)).status_code == 303
    assert place.policy.catalog.version != first
    assert (await verdict(place, session))[1] == "ineligible"
    assert (await verdict(place))[1] == "ineligible"
    assert place.policy.catalog.version in (await lead.get("/desk/catalog")).text

    assert (await lead.use(f"{VERSIONS}/1")).status_code == 303
    assert place.policy.catalog.version == first
    assert (await verdict(place, session))[1] == "meets_published"
    noted = [line for line in await audit_of(place) if line[1].endswith("_catalog")]
    assert noted == [
        ("system", "keep_catalog", "catalog_version:1"),
        ("system", "use_catalog", "catalog_version:1"),
        ("officer:1", "keep_catalog", "catalog_version:2"),
        ("officer:1", "use_catalog", "catalog_version:2"),
        ("officer:1", "use_catalog", "catalog_version:1"),
    ]


async def test_the_version_in_use_survives_a_restart(settings: Settings) -> None:
    async with office(settings) as place:
        lead = await place.log_in("fuzeren", "lead")
        page = (await lead.upload(("knowledge_value_loan.yml", without_e()[LOAN].encode()))).headers[
            "location"
        ]
        await lead.use(page)
        chosen = place.policy.catalog.version
    async with office(settings) as place:
        assert place.policy.catalog.version == chosen
        assert (await verdict(place))[1] == "ineligible"


async def test_a_program_with_newer_files_replaces_its_own_only(settings: Settings, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    for name, text in without_e().items():
        (newer / name).parent.mkdir(parents=True, exist_ok=True)
        (newer / name).write_text(text, "utf-8")
    async with office(settings) as place:
        first = place.policy.catalog.version
    async with office(settings, newer) as place:
        assert place.policy.catalog.version == load_catalog(newer).version != first
        lead = await place.log_in("fuzeren", "lead")
        await lead.use(f"{VERSIONS}/1")
    async with office(settings, newer) as place:
        # Somebody decided: that stands.
        assert place.policy.catalog.version == first


async def test_the_engine_finds_the_files_in_use_at_its_start(settings: Settings) -> None:
    async with office(settings) as place:
        database, data_dir = place.app.database, settings.data_dir
        assert await folder_in_use(database, CATALOG, data_dir) == CATALOG
        lead = await place.log_in("fuzeren", "lead")
        await lead.use((await lead.upload(("catalog.zip", zipped(without_e())))).headers["location"])
        folder = await folder_in_use(database, CATALOG, data_dir)
        assert folder.is_relative_to(data_dir)
        assert read_folder(folder) == without_e()
        assert load_catalog(folder).version == place.policy.catalog.version
        # A second start finds it laid out already.
        assert await folder_in_use(database, CATALOG, data_dir) == folder


async def test_another_process_follows(settings: Settings) -> None:
    async with office(settings) as one, office(settings) as other:
        lead = await one.log_in("fuzeren", "lead")
        await lead.use((await lead.upload(("catalog.zip", zipped(without_e())))).headers["location"])
        await other.policy.follow()
        assert other.policy.catalog.version == one.policy.catalog.version
        assert (await verdict(other))[1] == "ineligible"


async def test_a_decision_taken_on_an_old_page_is_refused(place: Office, lead: Desk) -> None:
    page = (await lead.upload(("catalog.zip", zipped(without_e())))).headers["location"]
    await lead.use(page)
    late = await lead.post(VERSIONS, f"{VERSIONS}/1/use", {"base": "1"})
    assert late.status_code == 409


async def test_faults_are_shown_by_file_and_line_and_nothing_is_kept(place: Office, lead: Desk) -> None:
    broken = changed("kind: must\n    text: 已在市科技局", "kind: must_not\n    text: 已在市科技局")
    sent = await lead.upload(("catalog.zip", zipped(broken)))
    assert sent.status_code == 422
    line = broken[LOAN][: broken[LOAN].index("must_not")].count("\n") + 1
    assert re.search(rf"{LOAN}</code></th><td>{line}</td>", sent.text)
    # The lint and the cases count as well: grade E changed, its case not.
    sent = await lead.upload(("knowledge_value_loan.yml", changed(GRADES, "in ['A', 'B']")[LOAN].encode()))
    assert sent.status_code == 422
    assert "用例「" in sent.text
    async with place.app.database.read() as session:
        assert [row.id for row in await store.listed(session)] == [1]
    assert ("officer:1", "refuse_catalog", "officer:1") in await audit_of(place)


async def test_a_warning_is_shown_and_names_wait_for_the_engine(place: Office, lead: Desk) -> None:
    texts = changed("aliases: [知识价值信用贷,", "aliases: [知识价值新叫法, 知识价值信用贷,")
    page = (await lead.upload(("catalog.zip", zipped(texts)))).headers["location"]
    assert "服务下次重新启动" in (await lead.get(page)).text


async def test_what_is_too_big_never_gets_in(lead: Desk) -> None:
    sent = await lead.upload(("catalog.zip", b"x" * (bundle.MAX_UPLOAD_BYTES + 200_000)))
    assert sent.status_code == 413


def _raw_zip(entries: list[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return made.getvalue()


def _link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("catalog/facts.yml")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    return link


def _lying_size() -> bytes:
    """An archive that states a small size for a file that unpacks to a hundred megabytes."""
    packed = bytearray(_raw_zip([("sources.yml", b"\0" * (100 * 1024 * 1024))]))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = packed.index(signature) + offset
        packed[place : place + 4] = struct.pack("<I", 100)
    return bytes(packed)


LAUGHS = "sources:\n  a: &a [x, x, x, x, x, x, x, x]\n  b: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
SOURCES = ("catalog/sources.yml", b"sources: {}\n")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("catalog.zip", b"not a zip", "不是能打开"),
        ("catalog.exe", b"MZ", "只收 zip"),
        ("../facts.yml", b"facts: {}", "只收 zip"),
        ("catalog.zip", _raw_zip([SOURCES, ("catalog/../../etc/x.yml", b"x")]), "路径不对"),
        ("catalog.zip", _raw_zip([SOURCES, ("/etc/passwd", b"x")]), "路径不对"),
        ("catalog.zip", _raw_zip([SOURCES, ("catalog\\..\\x.yml", b"x")]), "路径不对|不属于政策目录"),
        ("catalog.zip", _raw_zip([SOURCES, (_link(), b"/etc/passwd")]), "链接"),
        ("catalog.zip", _raw_zip([SOURCES, ("catalog/run.sh", b"x")]), "不属于政策目录"),
        ("catalog.zip", _raw_zip([("a/sources.yml", b""), ("b/sources.yml", b"")]), "一个政策目录"),
        ("catalog.zip", _raw_zip([SOURCES, ("catalog/facts.yml", b"\0" * (9 * 1024 * 1024))]), "超过8 MB"),
        ("catalog.zip", _raw_zip([(f"f{n}.yml", b"x") for n in range(300)]), "最多200个"),
        ("catalog.zip", _lying_size(), "解不开|太大"),
        ("facts.yml", LAUGHS.encode(), "引用"),
        ("facts.yml", b"facts: " + b"[" * 200 + b"]" * 200, "层次太深"),
        ("facts.yml", "facts: 贷款".encode("gbk"), "UTF-8"),
        ("unheard_of.yml", b"a: 1\n", "看不出"),
    ],
)
def test_uploads_made_to_do_harm_are_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(BadUpload, match=reason):
        read_upload([(name, content)], read_folder(CATALOG))


def test_a_packed_folder_is_read_as_it_lies_on_disk() -> None:
    texts = read_folder(CATALOG)
    junk = {"schema/facts.json": "{}", ".DS_Store": "x"}
    for top in ("", "catalog/", "some/where/"):
        assert read_upload([("a.zip", zipped({**texts, **junk}, top))], {}) == texts
    assert list(deciding(texts)) == [name for name in deciding(texts) if not name.startswith("knowledge/")]


def test_a_single_file_finds_its_place() -> None:
    texts = read_folder(CATALOG)
    card = texts["scorecards/innovation_points.yml"].encode() + b"\n"
    made = read_upload([("innovation_points.yml", card)], texts)
    assert [name for name in made if made[name] != texts[name]] == ["scorecards/innovation_points.yml"]
    product = texts[LOAN].replace("id: knowledge_value_loan", "id: another").encode()
    assert "products/another.yml" in read_upload([("another.yml", product)], texts)
