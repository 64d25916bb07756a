"""问题页 - for each kind of failure, what happened and what to do next, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Problem:
    """One kind of failure: its title, what happened, and the steps that help."""

    status: int
    title: str | Promise
    sentence: str | Promise
    steps: tuple[str | Promise, ...]


_BACK_AND_TRY = _("返回上一页，刷新后再试一次。")
_ASK_OFFICE = _("仍不成功，请把本页下方的编号和时间告诉创建办。")

PROBLEMS: dict[int, Problem] = {
    problem.status: problem
    for problem in (
        Problem(
            400,
            _("这个请求无法处理"),
            _("浏览器发来的内容不完整，或者地址被改动过。没有任何内容被保存。"),
            (_BACK_AND_TRY, _("如果是从别处复制的链接，请检查是否复制完整。")),
        ),
        Problem(
            403,
            _("您没有权限看这个页面"),
            _("当前账号的角色不能查看或办理此项。"),
            (
                _("如果您有别的账号，请退出后换账号登录。"),
                _("如果工作需要，请向本单位联络员或安全管理员申请相应角色。"),
            ),
        ),
        Problem(
            404,
            _("没有找到这个页面"),
            _("地址可能有误，内容可能已移动，也可能只对有关人员开放。"),
            (_("检查地址是否完整。"), _("如果您还没有登录，请先登录再打开。"), _("也可以从首页重新查找。")),
        ),
        Problem(
            405,
            _("不能这样打开这个地址"),
            _("这个地址只接受表单提交，不能直接打开。没有任何内容被改动。"),
            (_("返回上一页，用页面上的按钮操作。"),),
        ),
        Problem(
            409,
            _("内容已有变化，这次没有保存"),
            _("您打开页面之后，别人或您自己已经改动过同一内容。"),
            (_("返回上一页并刷新，看看最新内容。"), _("确认仍需修改，再填写一次并提交。")),
        ),
        Problem(
            413,
            _("文件太大"),
            _("上传的内容超过了允许的大小（单个文件不超过 20 MB），没有保存。"),
            (_("压缩图片，或把文件分成几个再上传。"), _("照片用手机直接拍摄上传即可，不必扫描。")),
        ),
        Problem(
            422,
            _("提交的内容无法办理"),
            _("所填内容不符合要求，没有保存。"),
            (_("返回上一页，按提示修改后再提交。"),),
        ),
        Problem(
            429,
            _("操作太频繁，请稍后再试"),
            _("短时间内的请求过多，为保护账号和系统，暂时停止受理。"),
            (_("15 分钟后再试。"), _("如果忘记了密码，请联系系统管理员重置。")),
        ),
        Problem(
            500,
            _("系统出了问题"),
            _("不是您的操作造成的。这次提交没有生效，之前保存的内容没有丢失。"),
            (_("过几分钟再试一次。"), _ASK_OFFICE),
        ),
    )
}

DATABASE_BUSY = _("系统正忙：别的操作占用数据库太久。这次提交没有生效，请稍候几秒再试。")
STORAGE_FULL = _("服务器磁盘已满或数据目录不可写，这次提交没有生效。请告诉系统管理员。")
SESSION_LOST = Problem(
    403,
    _("登录已过期，这次没有提交"),
    _("页面停留时间过长，或浏览器没有保存登录信息，为安全起见这次提交没有受理。"),
    (_("重新登录，回到原来的页面再提交一次。"), _("如果刚刚登录过，刷新原来的页面即可。")),
)
_FIRST_FAULT_OF_OURS = 500


def problem_for(status: int) -> Problem:
    """The problem of a status; an unlisted one is told as ours from 500 on, as the request's below."""
    return PROBLEMS.get(status) or PROBLEMS[_FIRST_FAULT_OF_OURS if status >= _FIRST_FAULT_OF_OURS else 400]
