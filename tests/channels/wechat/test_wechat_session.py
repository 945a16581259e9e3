"""The platform's name for a person is no secret: it opens nothing on the pages."""

from __future__ import annotations

import pytest
from weixin_peer import Peer
from weixin_server import FakeWeChat
from weixin_stage import Firm, Start

# As long as the platform's own, which is as long as a browser's session may be.
OPENID = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc"


@pytest.mark.parametrize("carried", ["header", "body"])
async def test_a_followers_id_is_no_session(start: Start, platform: FakeWeChat, carried: str) -> None:
    async with start() as running:
        firm = Firm(running.client, platform, Peer(secure=True), OPENID)
        await firm.say("做芯片的，想贷300万")
        if carried == "header":
            answer = await running.client.get("/api/v1/chat", headers={"X-Peipao-Session": OPENID})
        else:
            answer = await running.client.post("/api/v1/chat", json={"session": OPENID, "text": "我的资料"})
        assert answer.status_code == 404, answer.text
        assert "芯片" not in answer.text
