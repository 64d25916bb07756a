"""短信网关 - a plain adapter: one JSON document over HTTPS for each SMS (docs/adapters.md says what a gateway must answer)."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from chuangju.kernel.sending import SendFailed, Sending

LONGEST_ANSWER = 64 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OK, REDIRECT, BAD_REQUEST, SERVER_FAULT = 200, 300, 400, 500
# Answers of the 400s that are about the moment and not about the number.
TRY_AGAIN = frozenset({408, 425, 429})


def send_to_gateway(sending: Sending) -> str:
    """Hand one SMS to the gateway and return its receipt; raises SendFailed when it did not say that it took it."""
    connection, path = _connection(settings.SMS_URL, sending.timeout)
    body = {
        "id": sending.key,
        "mobile": sending.to,
        "text": sending.text,
        "sign": settings.SMS_SIGN or settings.DISTRICT["brand"],
    }
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "Idempotency-Key": sending.key,
        "Authorization": f"Bearer {settings.SMS_TOKEN}",
    }
    deadline = time.monotonic() + sending.timeout
    try:
        connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)
        with connection.getresponse() as answer:
            status, content = answer.status, _read(connection, answer, deadline)
    except (OSError, http.client.HTTPException) as error:
        raise SendFailed(_("短信网关没有应答（%(kind)s）") % {"kind": type(error).__name__}) from error
    finally:
        connection.close()
    return _receipt(status, content)


def _connection(url: str, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """A connection to the gateway and the path on it; only a gateway on this very machine may go without TLS."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "https" and host:
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout), path
    if parts.scheme == "http" and host in LOOPBACK:
        return http.client.HTTPConnection(host, parts.port, timeout=timeout), path
    raise SendFailed(_("短信网关地址须以 https:// 开头"), is_final=True)


def _read(connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """The answer, within its time and size; one that trickles is given up as well."""
    content = b""
    while piece := answer.read1(8192):
        content += piece
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if len(content) > LONGEST_ANSWER:
            raise http.client.HTTPException("too long")
        if connection.sock is not None:
            connection.sock.settimeout(left)
    return content


def _receipt(status: int, content: bytes) -> str:
    """The gateway's receipt. Redirects are not followed: they would carry the token elsewhere."""
    if not OK <= status < REDIRECT:
        is_final = BAD_REQUEST <= status < SERVER_FAULT and status not in TRY_AGAIN
        raise SendFailed(_("短信网关返回 %(status)d") % {"status": status}, is_final=is_final)
    try:
        told: Any = json.loads(content)
    except ValueError as error:
        raise SendFailed(_("短信网关的应答无法识别")) from error
    if not isinstance(told, dict) or told.get("accepted") is not True:
        code = str(told.get("code", ""))[:20] if isinstance(told, dict) else ""
        raise SendFailed(_("短信网关没有接受（%(code)s）") % {"code": code}, is_final=isinstance(told, dict))
    return str(told.get("id", ""))[:100]
