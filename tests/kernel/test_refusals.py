"""A refusal carries a sentence and the status of its page."""

from __future__ import annotations

import pytest
from django.utils.functional import lazystr

from chuangju.kernel.locks import LockBusy
from chuangju.kernel.refusals import Refused, StaleForm


def test_a_refusal_carries_the_sentence_that_the_user_reads() -> None:
    refusal = Refused(lazystr("该时段已被预约"))
    assert refusal.sentence == "该时段已被预约"
    assert str(refusal) == "该时段已被预约"


@pytest.mark.parametrize(("kind", "status"), [(Refused, 422), (StaleForm, 409), (LockBusy, 409)])
def test_each_kind_of_refusal_has_the_status_of_its_page(kind: type[Refused], status: int) -> None:
    assert issubclass(kind, Refused)
    assert kind.status == status
