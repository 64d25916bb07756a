"""演示测算 - a check that the demo founder keeps, in which every kind of answer occurs; and a reminder set for a day to come."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import question_book
from chuangju.policies.check_reminders import ask_reminder
from chuangju.policies.check_results import assess
from chuangju.policies.saved_checks import save_check, share_check
from chuangju.rules.days import add_months

_FILE = Path(__file__).parent / "data" / "demo_check.toml"


def demo_answers(at: datetime) -> Answers:
    """The answers of the file, with days counted back from a moment."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    on = timezone.localdate(at)

    def dated(value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"months"}:
            return add_months(on, value["months"]).isoformat()
        if isinstance(value, dict):
            return {key: dated(one) for key, one in value.items()}
        return [dated(one) for one in value] if isinstance(value, list) else value

    answers = Answers(who=data["who"], party_name=data["name"])
    answers.given = {key: dated(value) for key, value in data["given"].items()}
    questions = [question_book().for_fact(key) for key in answers.given]
    answers.answered = list(dict.fromkeys(one.key for one in questions if one is not None))
    return answers


def load_demo_checks(at: datetime) -> None:
    """Keep the check for the demo founder, and set a reminder for what they will be entitled to."""
    founder = User.objects.filter(username="founder", is_demo=True).first()
    if founder is None:
        return
    answers = demo_answers(at)
    save_check(answers, by=founder, at=at - timedelta(days=3))
    share_check(answers, by=founder, at=at - timedelta(days=2))
    for explanation in assess(answers, on=timezone.localdate(at)).explanations:
        if explanation.from_day is not None:
            ask_reminder(explanation.policy.id, due_on=explanation.from_day, user=founder, at=at)
            break
