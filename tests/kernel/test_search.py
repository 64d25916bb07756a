"""Finding: what fits, in which order, who sees what of it, and how the index follows the records. On both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import Attachment, AuditEvent, AuditStream, SavedView, SearchEntry, User
from chuangju.kernel.search import (
    ListedItem,
    SearchList,
    SearchSource,
    find_index_faults,
    find_near,
    find_records,
    index_records,
    label_of,
    rebuild_index,
    reconcile_index,
)
from chuangju.kernel.search_index import register_search_source, search_lists, search_sources

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, tzinfo=UTC)
Make = Callable[..., SavedView]


def _own_views(user: Any) -> Any:
    return SavedView.objects.filter(user_id=getattr(user, "pk", None))


VIEWS = SearchSource(
    key="test.view",
    label="视图",
    model=SavedView,
    visible_to=_own_views,
    title=lambda view: view.name,
    address=lambda view: f"/views/{view.pk}/",
    text=lambda view: view.query,
    names=lambda view: view.listing.split("|") if view.listing else (),
    moment=lambda view: AT + timedelta(days=view.pk % 1000),
)
FILES = SearchSource(
    key="test.file",
    label="文件",
    model=Attachment,
    visible_to=lambda _user: Attachment.objects.all(),
    title=lambda file: file.name,
    address=lambda file: f"/files/{file.pk}/",
    audience="public",
)


@pytest.fixture(autouse=True)
def _sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """These sources alone, whatever packages have registered."""
    monkeypatch.setattr(search_sources, "_entries", {VIEWS.key: VIEWS, FILES.key: FILES})
    monkeypatch.setattr(search_lists, "_entries", {})


@pytest.fixture
def view(person: User) -> Make:
    """`view("标题", text="正文", names="人社局|区人社局")`: a record of the person's, indexed."""

    def make(title: str, *, text: str = "", names: str = "", user: User = person) -> SavedView:
        made = SavedView.objects.create(user=user, listing=names, name=title, query=text)
        index_records(SavedView.objects.filter(pk=made.pk))
        return made

    return make


def titles(text: str, user: Any, **options: Any) -> list[str]:
    return [hit.title for hit in find_records(text, user, limit=50, **options).hits]


@pytest.mark.parametrize(
    "typed",
    ["创业", "担保", "贷款", "创业担保贷款", "担保 创业", "贷", "落实", "策", "「创业担保贷款」", " 创业，担保 "],
)
def test_any_two_characters_or_one_or_several_words_find_a_title(person: User, view: Make, typed: str) -> None:
    view("创业担保贷款政策的落实")
    view("税费减免")
    assert titles(typed, person) == ["创业担保贷款政策的落实"]


@pytest.mark.parametrize("typed", ["创保", "贷业", "担保补贴", "创业的", "…", "", "  ", "' OR 1=1", '" AND "', "*"])
def test_what_does_not_stand_there_finds_nothing(person: User, view: Make, typed: str) -> None:
    view("创业担保贷款政策的落实")
    assert titles(typed, person) == []


@pytest.mark.parametrize(
    "typed",
    [
        "闵创办〔2026〕3号",
        "闵创办[2026]3号",
        "闵创办〔２０２６〕３号",
        "2026 3号",
        "闵创办（2026）",
        "20000",
        "20,000元",
        "OPC",
        "ｏｐｃ",
        "91310112",
        "ma1gb",
    ],
)
def test_numbers_codes_and_words_are_found_in_whatever_width(person: User, view: Make, typed: str) -> None:
    view("通知", text="闵创办〔2026〕3号，额度20,000元，OPC社区，代码91310112MA1GB1234X，MA1GB")
    view("别的通知", text="闵创办〔2025〕4号")
    assert titles(typed, person) == ["通知"]


@pytest.mark.parametrize("typed", ["rensheju", "rsj", "renshj", "RSJ", "minhangqu", "mhq", "mh", "minhq"])
def test_names_are_found_by_pinyin(person: User, view: Make, typed: str) -> None:
    view("区人力资源社会保障局", names="区人社局|闵行区人力资源和社会保障局")
    view("人社通知", text="闵行")
    assert titles(typed, person) == ["区人力资源社会保障局"]


def test_the_title_itself_comes_first_then_its_beginning_then_titles_then_texts(person: User, view: Make) -> None:
    view("关于补贴的说明", text="")
    view("公告", text="补贴已经发放")
    view("补贴办法")
    view("补贴")
    view("局", names="补贴处")
    assert titles("补贴", person)[0] == "补贴"
    assert set(titles("补贴", person)[1:3]) == {"补贴办法", "局"}
    assert titles("补贴", person)[3:] == ["关于补贴的说明", "公告"]


def test_of_equals_the_newer_comes_first(person: User, view: Make) -> None:
    older, newer = view("补贴甲"), view("补贴乙")
    assert VIEWS.moment is not None
    assert (VIEWS.moment(newer) or AT) > (VIEWS.moment(older) or AT)
    assert titles("补贴", person) == ["补贴乙", "补贴甲"]


def test_nobody_finds_or_counts_what_they_may_not_see(person: User, view: Make) -> None:
    other = User.objects.create(username="other")
    view("秘密计划", user=other)
    for seeker in (person, None, AnonymousUser()):
        found = find_records("秘密", seeker, limit=5)
        assert (found.hits, found.counts, found.total) == ([], {}, 0)
        assert find_near("秘密计划书", seeker, limit=5) == []
    assert find_records("秘密", other, limit=5).counts == {"test.view": 1}


def test_an_entry_left_behind_shows_and_counts_nothing(person: User, view: Make) -> None:
    SavedView.objects.filter(pk=view("旧计划").pk).delete()
    assert SearchEntry.objects.count() == 1
    assert find_records("计划", person, limit=5).total == 0
    assert [*find_index_faults()] != []
    assert reconcile_index() == 1
    assert [*find_index_faults()] == []


def test_each_side_finds_its_own_sources(person: User, view: Make) -> None:
    view("计划书")
    _file("计划书.docx", person)
    assert find_records("计划", person, limit=5, side="staff").counts == {"test.view": 1}
    assert find_records("计划", person, limit=5, side="public").counts == {"test.file": 1}
    assert find_records("计划", person, limit=5).counts == {"test.view": 1, "test.file": 1}
    assert titles("计划", person, source="test.file") == ["计划书.docx"]


def _file(name: str, by: User) -> Attachment:
    made = Attachment.objects.create(
        owner_type=ContentType.objects.get_for_model(User),
        owner_id=str(by.pk),
        name=name,
        media_type="text/plain",
        size=1,
        sha256="0" * 64,
        stored_name=uuid.uuid4().hex,
        uploaded_by=by,
        uploaded_at=AT,
    )
    index_records(Attachment.objects.filter(pk=made.pk))
    return made


def test_pages_follow_one_another_without_gaps(person: User, view: Make) -> None:
    for number in range(7):
        view(f"计划{number}")
    pages = [find_records("计划", person, limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [len(page.hits) for page in pages] == [3, 3, 1]
    assert len({hit.title for page in pages for hit in page.hits}) == 7
    assert {page.total for page in pages} == {7}


def test_items_of_short_lists_come_before_records(person: User, view: Make) -> None:
    items = [ListedItem("计划完成率", "/i/1/", "已完成的计划"), ListedItem("其他", "/i/2/", "计划之外")]
    search_lists.register("test.list", SearchList("test.list", "指标", lambda _user: items))
    for number in range(3):
        view(f"计划{number}")
    found = find_records("计划", person, limit=4)
    assert [hit.title for hit in found.hits[:2]] == ["计划完成率", "其他"]
    assert found.counts == {"test.list": 2, "test.view": 3}
    assert len(find_records("计划", person, limit=4, offset=4).hits) == 1
    assert titles("计划", person, source="test.view") == ["计划2", "计划1", "计划0"]
    assert find_records("计划", person, limit=4, side="public").total == 0
    assert (label_of("test.list"), label_of("test.view"), label_of("gone")) == ("指标", "视图", "gone")


def test_where_nothing_fits_what_comes_near_is_offered(person: User, view: Make) -> None:
    view("大学生创业补贴")
    view("老年人体检")
    assert titles("大学生补贴", person) == []
    assert [hit.title for hit in find_near("大学生补贴", person, limit=5)] == ["大学生创业补贴"]
    assert find_near("zzz", person, limit=5) == []


def test_a_search_takes_the_same_queries_for_few_and_for_many(person: User, view: Make) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            find_records("计划", person, limit=20)
        return len(captured)

    for number in range(3):
        view(f"计划{number}")
    few = queries()
    for number in range(3, 40):
        view(f"计划{number}")
    assert queries() == few <= 4


def test_an_audit_event_indexes_its_subject_and_what_it_is_about(person: User) -> None:
    subject = SavedView.objects.create(user=person, listing="", name="新的计划")
    about = SavedView.objects.create(user=person, listing="", name="总的计划")
    with transaction.atomic():
        record_event("kernel.demo_marked", subject, by=person, at=AT, about=about)
    assert titles("计划", person) == ["总的计划", "新的计划"]
    SavedView.objects.filter(pk=subject.pk).update(name="改名")
    with transaction.atomic():
        record_event("kernel.demo_marked", subject, by=person, at=AT)
    assert (titles("新的", person), titles("改名", person)) == ([], ["改名"])


def test_an_event_undone_leaves_the_index_as_it_was(person: User, view: Make) -> None:
    kept = view("旧名")

    def change() -> None:
        with transaction.atomic():
            SavedView.objects.filter(pk=kept.pk).update(name="新名")
            record_event("kernel.demo_marked", kept, by=person, at=AT)
            assert titles("新名", person) == ["新名"]
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert (titles("旧名", person), titles("新名", person)) == (["旧名"], [])
    assert not AuditEvent.objects.exists()


def test_the_index_is_written_anew_and_recomputed(person: User, view: Make) -> None:
    view("甲计划")
    SavedView.objects.create(user=person, listing="", name="未索引的计划")
    SearchEntry.objects.filter(source="test.view").update(keys="|别的|")
    SearchEntry.objects.create(source="gone", record_number=1, keys="", tokens="")
    assert "视图" in " ".join(find_index_faults())
    assert rebuild_index() == 2
    assert [*find_index_faults()] == []
    assert len(titles("计划", person)) == 2


@pytest.mark.database("sqlite")
def test_a_full_text_index_that_lost_a_trigger_is_reported_and_mended(
    person: User, view: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER kernel_search_tokens_insert")
    view("丢失的计划")
    assert titles("丢失", person) == []
    assert any("全文索引" in fault for fault in find_index_faults())
    call_command("rebuild_index")
    assert "1" in capsys.readouterr().out
    assert (titles("丢失", person), [*find_index_faults()]) == (["丢失的计划"], [])


def test_a_model_that_the_index_cannot_hold_is_refused() -> None:
    odd = SearchSource("odd", "怪", AuditStream, lambda _u: AuditStream.objects.all(), str, str)
    with pytest.raises(TypeError):
        register_search_source(odd)
    assert "odd" not in search_sources
