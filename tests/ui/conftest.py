"""Sample templates beside the product's own, and a way to read what a page says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

SAMPLES = {
    "sample_list.html": '{% extends "ui/staff.html" %}{% block title %}账号{% endblock %}{% block heading %}账号'
    '{% endblock %}{% block content %}{% include "ui/list.html" %}{% endblock %}',
    "staff.html": '{% extends "ui/staff.html" %}{% block title %}样页{% endblock %}{% block heading %}样页{% endblock %}',
    "public.html": '{% extends "ui/public.html" %}{% block title %}样页{% endblock %}{% block heading %}样页{% endblock %}',
}


@pytest.fixture(autouse=True)
def _samples(settings: Any, tmp_path: Path) -> None:
    for name, text in SAMPLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = templates


@pytest.fixture
def draw() -> Callable[..., str]:
    """A template given as text, rendered with the names given: `draw("{{ day|zh_date }}", day=today)`."""

    def render(template: str, /, **context: Any) -> str:
        return engines["django"].from_string(template).render(context).strip()

    return render
