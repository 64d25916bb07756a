"""Views of lists: one per name, person and list."""

from __future__ import annotations

import pytest

from chuangju.kernel.models import User
from chuangju.kernel.saved_views import MAX_VIEWS, SavedViewRefused, delete_view, save_view, views_of

pytestmark = pytest.mark.django_db


def names(user: User, listing: str = "tasks") -> list[str]:
    return [view.name for view in views_of(user, listing)]


def test_views_belong_to_one_person_and_one_list(person: User) -> None:
    other = User.objects.create(username="li", name="李")
    save_view(person, listing="tasks", name="  我的   逾期 ", query="?state=late&page=2")
    save_view(person, listing="units", name="街镇", query="kind=town")
    assert [(view.name, view.query) for view in views_of(person, "tasks")] == [("我的 逾期", "state=late&page=2")]
    assert names(other) == []


def test_the_same_name_again_replaces_the_view(person: User) -> None:
    save_view(person, listing="tasks", name="我的", query="a=1")
    save_view(person, listing="tasks", name="我的", query="a=2")
    assert [view.query for view in views_of(person, "tasks")] == ["a=2"]


@pytest.mark.parametrize(
    ("name", "listing", "query", "sentence"),
    [
        (" ", "tasks", "", "请给这个视图起个名称"),
        ("长" * 41, "tasks", "", "不超过 40 个字"),
        ("我的", "tasks", "q=" + "x" * 1000, "筛选条件太长"),
        ("我的", "x" * 65, "", "筛选条件太长"),
    ],
)
def test_what_cannot_be_kept_is_refused(person: User, name: str, listing: str, query: str, sentence: str) -> None:
    with pytest.raises(SavedViewRefused, match=sentence):
        save_view(person, listing=listing, name=name, query=query)


def test_there_is_an_end_to_views_but_the_last_one_may_still_be_replaced(person: User) -> None:
    for number in range(MAX_VIEWS):
        save_view(person, listing="tasks", name=f"视图{number}", query="")
    with pytest.raises(SavedViewRefused, match="最多保存 20 个"):
        save_view(person, listing="tasks", name="又一个", query="")
    save_view(person, listing="tasks", name="视图3", query="b=1")
    assert len(names(person)) == MAX_VIEWS


def test_one_deletes_only_ones_own_view(person: User) -> None:
    other = User.objects.create(username="li", name="李")
    for user in (person, other):
        save_view(user, listing="tasks", name="我的", query="")
    delete_view(person, listing="tasks", name="我的")
    delete_view(person, listing="tasks", name="没有的")
    assert (names(person), names(other)) == ([], ["我的"])
