"""Pushed XML: what becomes a message, what is only acknowledged, what is refused."""

from datetime import UTC, datetime

import pytest
from wechatpy.parser import parse_message

from bot.channels.wechat import inbound
from bot.channels.wechat.inbound import UnreadableError, fields_of, message_id, read
from bot.core.messages import InboundMessage, MessageKind
from tests.fakes.wechat_platform import ACCOUNT, WORKER, element, event, message, text

WHEN = 1_795_147_200


def _message(xml: str | bytes) -> InboundMessage:
    push = read(xml.encode() if isinstance(xml, str) else xml)
    assert push.message is not None
    return push.message


MEDIA = "<PicUrl><![CDATA[http://x.example/p]]></PicUrl><MediaId><![CDATA[m1]]></MediaId><MsgId>9</MsgId>"
PLACE = "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>20</Scale><Label>x</Label><MsgId>9</MsgId>"
SAMPLES: dict[str, tuple[str, MessageKind | None, str]] = {
    "text": (text("欠薪怎么办", created=WHEN), MessageKind.TEXT, "欠薪怎么办"),
    "text blanks": (text("  更多 \n"), MessageKind.TEXT, "更多"),
    "text empty": (text(""), MessageKind.TEXT, ""),
    "text marks": (text("a]]>b<b>&amp;</b>"), MessageKind.TEXT, "a]]>b<b>&amp;</b>"),
    "text menu message": (
        message("text", element("Content", "好") + "<bizmsgmenuid>101</bizmsgmenuid><MsgId>9</MsgId>"),
        MessageKind.TEXT,
        "好",
    ),
    "sticker": (text("【收到不支持的消息类型，暂无法显示】"), MessageKind.OTHER, ""),
    "image": (message("image", MEDIA), MessageKind.IMAGE, ""),
    "voice heard": (
        message("voice", element("Format", "amr") + element("Recognition", "拖欠工资") + MEDIA),
        MessageKind.VOICE,
        "拖欠工资",
    ),
    "voice unheard": (message("voice", element("Format", "amr") + MEDIA), MessageKind.VOICE, ""),
    "video": (message("video", element("ThumbMediaId", "t") + MEDIA), MessageKind.FILE, ""),
    "shortvideo": (message("shortvideo", element("ThumbMediaId", "t") + MEDIA), MessageKind.FILE, ""),
    "location": (message("location", PLACE), MessageKind.LOCATION, ""),
    "link": (
        message("link", element("Title", "t") + element("Url", "http://x") + "<MsgId>9</MsgId>"),
        MessageKind.OTHER,
        "",
    ),
    "unknown": (message("hologram", "<MsgId>9</MsgId>"), None, ""),
    "subscribe": (event("subscribe", element("EventKey", "")), MessageKind.FOLLOW, ""),
    "subscribe scene": (
        event("subscribe", element("EventKey", "qrscene_7") + element("Ticket", "T")),
        MessageKind.FOLLOW,
        "",
    ),
    "unsubscribe": (event("unsubscribe", element("EventKey", "")), MessageKind.UNFOLLOW, ""),
    "scan": (event("SCAN", element("EventKey", "7") + element("Ticket", "T")), MessageKind.TEXT, "菜单"),
    "click": (event("CLICK", element("EventKey", "人工")), MessageKind.TEXT, "人工"),
    "view": (event("VIEW", element("EventKey", "http://x.example")), None, ""),
    "location report": (event("LOCATION", "<Latitude>23</Latitude><Longitude>113</Longitude>"), None, ""),
    "mass result": (event("MASSSENDJOBFINISH", "<MsgID>5</MsgID><Status>send success</Status>"), None, ""),
    "template result": (event("TEMPLATESENDJOBFINISH", "<MsgID>5</MsgID><Status>success</Status>"), None, ""),
    "one consent": (
        event("subscribe_msg_popup_event", "<A><List><TemplateId>1</TemplateId></List></A>"),
        None,
        "",
    ),
    "two consents": (
        event("subscribe_msg_change_event", "<A><List><T>1</T></List><List><T>2</T></List></A>"),
        None,
        "",
    ),
    "unknown event": (event("moon_landing"), None, ""),
    "no event name": (message("event", ""), None, ""),
    "no type": (f"<xml>{element('ToUserName', ACCOUNT)}{element('FromUserName', WORKER)}</xml>", None, ""),
}


@pytest.mark.parametrize(("xml", "kind", "said"), SAMPLES.values(), ids=SAMPLES)
def test_kinds(xml: str, kind: MessageKind | None, said: str) -> None:
    """Every row of the platform's table becomes the kind the core knows, or nothing."""
    found = read(xml.encode()).message
    assert (found.kind if found else None) is kind
    assert (found.text if found else "") == said


@pytest.mark.parametrize("xml", [xml for name, (xml, *_) in SAMPLES.items() if name != "no type"])
def test_our_reading_equals_wechatpys(xml: str) -> None:
    """The lean parser finds what the well-known one finds."""
    ours, theirs = fields_of(xml), parse_message(xml)
    assert (ours["FromUserName"], ours["ToUserName"]) == (theirs.source, theirs.target)
    flat = {name: value or "" for name, value in theirs._data.items() if not isinstance(value, dict)}
    flat = {name: value for name, value in flat.items() if name not in ("Event", "EventKey")}
    assert {name: ours[name] for name in flat} == flat
    if theirs.type == "event":
        assert ours["Event"].lower() == theirs.event.replace("subscribe_scan", "subscribe")


def test_what_the_core_is_given() -> None:
    """Sender, time and channel come along; the time carries its zone."""
    found = _message(text("你好", msg_id="42", created=WHEN))
    assert (found.channel, found.sender) == ("wechat", WORKER)
    assert found.sent_at == datetime.fromtimestamp(WHEN, UTC)
    assert read(text("你好", created=WHEN).encode()).created == WHEN


@pytest.mark.parametrize("created", ["", "x", "-1", "99999999999", "9999999999", "1e9", "１２３"])
def test_a_time_that_cannot_be_is_left_out(created: str) -> None:
    """A broken CreateTime costs the time, not the message."""
    xml = text("你好", created=0).replace("<CreateTime>0<", f"<CreateTime>{created}<")
    push = read(xml.encode())
    assert push.created == 0
    assert push.message is not None
    assert push.message.sent_at is None


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml>",
        "<xml></xml>",
        "{}",
        "<html></html>",
        f"<!DOCTYPE xml>{text('x')}",
        f'<?xml version="1.0"?><!DOCTYPE xml SYSTEM "http://x.example/x.dtd">{text("x")}',
        f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>{text("&b;")}',
        text("x").replace("</Content>", ""),
        message("text", "<Content>&undeclared;</Content>"),
        text("x", sender="a]]>b"),
        text("x", sender=""),
        text("x", sender="a" * 65),
        text("x", sender="张三"),
        text("x").replace(ACCOUNT, "a b"),
        "<xml>" * 5000,
    ],
)
def test_what_is_no_message_is_refused(xml: str) -> None:
    """Broken XML, any DOCTYPE, and addresses that would break the reply."""
    with pytest.raises(UnreadableError):
        read(xml.encode())


def test_a_doctype_inside_a_message_is_just_text() -> None:
    """Somebody may ask about HTML."""
    assert _message(text("<!DOCTYPE html> 是什么")).text == "<!DOCTYPE html> 是什么"


def test_control_characters_and_bad_utf8_are_taken_out() -> None:
    """People do send them; the rest of the message is understood."""
    body = (
        text("拖\x00欠\x08工\x1f资\ufffe")
        .encode()
        .replace("资".encode(), "资".encode() + b"\xff\xed\xa0\x80")
    )
    assert _message(body).text.replace("\ufffd", "") == "拖欠工资"


def test_an_xml_declaration_and_a_byte_order_mark_are_fine() -> None:
    """Other senders write them."""
    body = "\ufeff<?xml version='1.0' encoding='gbk'?>\n" + text("工资")
    assert _message(body).text == "工资"


def test_encrypted_text_is_found_among_what_people_typed() -> None:
    """In compatible mode the clear text stands in the same body."""
    typed = element("Content", "<Encrypt>QUJD</Encrypt><Encrypt><![CDATA[你好")
    body = f"<xml>{typed}<Encrypt><![CDATA[REVG]]></Encrypt><Encrypt>\nR0hJ\n</Encrypt></xml>".encode()
    assert list(inbound.sealed(body)) == [b"QUJD", b"REVG", b"R0hJ"]


def test_attempts_of_one_push_have_one_key() -> None:
    """MsgId for messages; sender, time, event and key for events; MsgID and event for results."""
    one = {"FromUserName": "a", "CreateTime": "1", "MsgType": "text", "Content": "x", "MsgId": "7"}
    assert message_id(one) == message_id(one | {"CreateTime": "2", "Content": "y"})
    assert message_id(one) != message_id(one | {"MsgId": "8"})
    assert message_id(one) != message_id(one | {"FromUserName": "b"})
    tap = {"FromUserName": "a", "CreateTime": "1", "MsgType": "event", "Event": "CLICK", "EventKey": "k"}
    assert message_id(tap) == message_id(tap | {"Ticket": "t"})
    for change in ({"CreateTime": "2"}, {"EventKey": "l"}, {"Event": "VIEW"}, {"FromUserName": "b"}):
        assert message_id(tap) != message_id(tap | change)
    result = {
        "FromUserName": "m",
        "CreateTime": "1",
        "MsgType": "event",
        "Event": "MASSSENDJOBFINISH",
        "MsgID": "5",
    }
    assert message_id(result) == message_id(result | {"CreateTime": "2"})
    assert message_id(result) != message_id(result | {"MsgID": "6"})


def test_a_message_without_an_id_is_told_by_what_it_says() -> None:
    """Some test tools leave MsgId out."""
    bare = {"FromUserName": "a", "CreateTime": "1", "MsgType": "text", "Content": "x"}
    assert message_id(bare) == message_id(dict(bare))
    assert message_id(bare) != message_id(bare | {"Content": "y"})
