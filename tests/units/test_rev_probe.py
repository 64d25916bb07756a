from __future__ import annotations
import json, base64
import pytest
from django.test import Client
from chuangju.kernel.models import User

PATHS = ["/m/%00/", "/verify/%00/", "/verify/?code=%00", "/invitations/%00/", "/staff/units/%00/", "/staff/accounts/%00/", "/account/sessions/%00/end/",
 "/staff/papers/%00/", "/unmask/ventures-party-mobile/abc/", "/unmask/ventures-party-mobile/%00/", "/search/?q=a&in=%00", "/search/?q=%00", "/search/?q=rsj&in=nonsense", "/calendar/%00.ics", "/staff/delegations/new/%00/",
 "/staff/calendar/?year=%00", "/staff/tasks/%00/", "/staff/duties/%00/run/", "/thread/programme.task/%00/", "/sign-in/?next=%00", "/staff/plans/%00/", "/staff/ventures/?page=99999999999999999999", "/staff/accounts/?page=-1&sort=%00", "/search/?q=*%20%22%20AND%20(%20&page=9", "/staff/audit/?actor=%00&q=%00", "/staff/plans/?month=%00","/jobs/%00/","/tasks/%00/","/plans/%00/"]

@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", [None, "programme_office", "system_administrator"])
def test_probe(path, who, make_user, db):
    c = Client(raise_request_exception=False)
    if who:
        u = make_user("someone", who)
        c.force_login(u)
    for m in (c.get, c.post):
        r = m(path)
        assert r.status_code < 500, (m.__name__, path, r.status_code)

def test_passkey_fuzz(db, client, make_user):
    from chuangju.units.second_factors import add_passkey
    c = Client(raise_request_exception=False)
    b = lambda x: base64.urlsafe_b64encode(x).decode().rstrip("=")
    for blob in (b"", b"AAAA", b"\x00"*37, b"\x00"*36+b"\xff"*30):
        c.get("/sign-in/passkey/", headers={"accept": "application/json"})
        for uh in (None, b(b"1"), b(b"\xff"), "1"):
            cred = {"id": b(b"x"), "rawId": b(b"x"), "type":"public-key","clientExtensionResults":{}, "response":{"clientDataJSON": b(b'{"type":"webauthn.get","challenge":"AA","origin":"http://x"}'),"authenticatorData": b(blob),"signature":b(b"s"),"userHandle":uh}}
            r = c.post("/sign-in/passkey/", {"credential": json.dumps(cred)})
            assert r.status_code < 500, (blob, uh)
    r = c.post("/sign-in/passkey/", {"credential": "["*100000})
    assert r.status_code < 500
