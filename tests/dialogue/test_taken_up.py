"""A talk that goes on at another door: what is known is said, and the open question asked again."""

from __future__ import annotations

from talk import STORY, Talk


def test_what_is_known_and_the_open_question() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    asking, ranking = talk.state["asking"], talk.state["ranking"]
    assert asking is not None
    told = talk.press("resume")
    assert told.startswith("记下的情况：")
    assert "芯片" in told
    assert "300万元" in told
    assert (talk.state["asking"], talk.state["ranking"]) == (asking, ranking)
    assert [key for key in talk.buttons if key.startswith((f"set:{asking}:", f"skip:{asking}"))]


def test_with_nothing_known_it_begins() -> None:
    talk = Talk()
    told = talk.press("resume")
    assert "用一两句话说说您的企业" in told
    assert "human" in talk.buttons
