"""Addresses of application rounds and selection lists."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import batch_pages, window_pages

BATCHES: list[URLPattern] = [
    path("windows/", window_pages.window_list, name="window_list"),
    path("windows/new/", window_pages.window_new, name="window_new"),
    path("windows/<int:pk>/", window_pages.window, name="window"),
    path("windows/<int:pk>/change/", window_pages.window_change, name="window_change"),
    path("windows/<int:pk>/open/", window_pages.window_open, name="window_open"),
    path("windows/<int:pk>/close/", window_pages.window_close, name="window_close"),
    path("windows/<int:pk>/panel/", window_pages.window_panel, name="window_panel"),
    path("windows/<int:pk>/late/", window_pages.window_late, name="window_late"),
    path("windows/<int:pk>/draw/", window_pages.window_draw, name="window_draw"),
    path("cases/steps/<int:pk>/panel/", window_pages.step_panel, name="step_panel"),
    path("selections/", batch_pages.batch_list, name="batch_list"),
    path("selections/<int:pk>/", batch_pages.board, name="board"),
    path("selections/<int:pk>/refresh/", batch_pages.board_refresh, name="board_refresh"),
    path("selections/<int:pk>/line/", batch_pages.board_line, name="board_line"),
    path("selections/<int:pk>/move/<uuid:case>/", batch_pages.board_move, name="board_move"),
    path("selections/<int:pk>/freeze/", batch_pages.board_freeze, name="board_freeze"),
    path("selections/<int:pk>/propose/", batch_pages.board_propose, name="board_propose"),
    path("selections/<int:pk>/approve/", batch_pages.board_approve, name="board_approve"),
    path("selections/<int:pk>/return/", batch_pages.board_return, name="board_return"),
    path("selections/<int:pk>/show/", batch_pages.board_show, name="board_show"),
    path("selections/<int:pk>/publish/", batch_pages.board_publish, name="board_publish"),
    path("selections/<int:pk>/drop/<uuid:case>/", batch_pages.board_drop, name="board_drop"),
    path("selections/<int:pk>/fill/", batch_pages.board_fill, name="board_fill"),
    path("selections/<int:pk>/end/", batch_pages.board_end, name="board_end"),
]
