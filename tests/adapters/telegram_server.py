"""A Telegram server for tests: stricter than the real one where we could be wrong, over real sockets.

It confirms updates by offset, ends the older of two polls, calls a webhook until it says 200, refuses what
Telegram refuses with Telegram's words, finds mentions and commands in plain text as Telegram does, and can
be told to fail.
"""

from __future__ import annotations

import asyncio
import json
import re
import struct
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import ClientError, ClientSession, web

Json = dict[str, Any]
TOKEN = "1000:" + "A" * 35
NAME = "lowtide_test_bot"

FIELDS: dict[str, set[str]] = {
    "getMe": set(),
    "getUpdates": {"offset", "timeout", "limit", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "max_connections"},
    "deleteWebhook": {"drop_pending_updates"},
    "getWebhookInfo": set(),
    "setMyCommands": {"commands", "scope", "language_code"},
    "sendMessage": {
        *("chat_id", "text", "parse_mode", "link_preview_options", "reply_markup"),
        "message_thread_id",
    },
    "sendDocument": {"chat_id", "document"},
    "sendPhoto": {"chat_id", "photo", "caption", "parse_mode"},
    "sendChatAction": {"chat_id", "action"},
    "editMessageText": {
        *("chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"),
    },
    "editMessageReplyMarkup": {"chat_id", "message_id", "reply_markup"},
    "deleteMessages": {"chat_id", "message_ids"},
    "answerCallbackQuery": {"callback_query_id"},
    "answerPreCheckoutQuery": {"pre_checkout_query_id", "ok", "error_message"},
    "answerShippingQuery": {"shipping_query_id", "ok", "error_message"},
}
"""Every method there is here, with the fields it may be given; another is an error."""
TEXTS = {
    "garbage": "<html>bad gateway</html>",
    "half": '{"ok": true, "res',
    "name": '{"ok": true, "result": {"id": 7, "username": "short_bot"}}',
    "odd": '{"ok": true, "result": {"hologram": 1}}',
    "blocked in disguise": '{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked"}',
}
STRUCTURED = {"message_ids", "reply_markup", "link_preview_options", "allowed_updates", "commands", "scope"}
TAGS = {"b": "bold", "i": "italic"}
FOUND = {
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}"),
    "bot_command": re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(@\w+)?"),
}


class Refusal(Exception):
    """An answer that is not ok."""

    def __init__(self, status: int, words: str, **parameters: Any) -> None:
        self.status, self.words, self.parameters = status, words, parameters


@dataclass
class Call:
    """One call of a method, as it arrived."""

    method: str
    fields: Json
    at: float
    status: int = 0


@dataclass
class Fault:
    """What the next calls of a method meet: an answer, silence, a line cut, or no JSON at all."""

    method: str
    answer: Refusal | str
    times: int
    chat: int | None = None


class Html(HTMLParser):
    """Read Telegram's HTML; anything but b and i, or a tag left open, is refused."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.entities, self._open = "", list[Json](), list[tuple[str, int]]()
        if re.search(r"&(?!(amp|lt|gt|quot);)", text) or re.search(r"<(?!/?[a-z])", text):
            raise Refusal(400, "Bad Request: can't parse entities: a sign is not escaped")
        self.feed(text)
        self.close()
        if self._open:
            raise Refusal(400, "Bad Request: can't parse entities: a tag was left open")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or attrs:
            raise Refusal(400, f'Bad Request: can\'t parse entities: unsupported start tag "{tag}"')
        self._open.append((tag, units(self.text)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise Refusal(400, "Bad Request: can't parse entities: unexpected end tag")
        _, start = self._open.pop()
        self.entities.append({"type": TAGS[tag], "offset": start, "length": units(self.text) - start})

    def handle_data(self, data: str) -> None:
        self.text += data


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def detected(text: str) -> list[Json]:
    """Find what Telegram makes of plain text."""
    return [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
        for kind, pattern in FOUND.items()
        for match in pattern.finditer(text)
    ]


@dataclass
class TelegramServer:
    """Be Telegram for one bot. With `limited`, more than 30 sends a second or 1 a chat are refused.

    With `most`, more calls of any kind that serve people are refused in a second that slides. One that does
    not hold a poll answers it at once.
    """

    limited: bool = False
    most: int = 0
    holds: bool = True
    calls: list[Call] = field(default_factory=list)
    updates: deque[Json] = field(default_factory=deque)
    chats: dict[int, dict[int, Json]] = field(default_factory=dict)
    written: dict[int, dict[int, Json]] = field(default_factory=dict)
    """What people wrote, as it stands in their chats."""
    blocked: set[int] = field(default_factory=set)
    deactivated: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    menus: dict[str, list[Json]] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """What calls that meet a `wait` wait for."""
    broken: list[str] = field(default_factory=list)
    """What was wrong with calls, for a test to look at in the end."""
    _ids: int = 100
    _poll: asyncio.Future[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _sends: deque[tuple[float, int]] = field(default_factory=deque)
    _taken: deque[float] = field(default_factory=deque)
    _caller: asyncio.Task[None] | None = None

    # --- as a fixture ------------------------------------------------------------------------------------

    async def __aenter__(self) -> TelegramServer:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._caller:
            self._caller.cancel()
        self._end_poll()
        await self._runner.cleanup()

    # --- people ------------------------------------------------------------------------------------------

    def person(self, chat: int) -> Json:
        self.chats.setdefault(chat, {})
        return {"id": abs(chat), "is_bot": False, "first_name": "P", "language_code": "en"}

    def message(self, chat: int, kind: str = "private", **fields: Any) -> Json:
        self._ids += 1
        user = self.person(chat)
        place = {"id": chat, "type": kind}
        if kind != "private":
            place["title"] = "a group"
        body = {"message_id": self._ids, "from": user, "chat": place, "date": int(time.time())} | fields
        if text := fields.get("text"):
            body.setdefault("entities", detected(text))
        self.written.setdefault(chat, {})[self._ids] = body
        return body

    def push(self, **fields: Any) -> int:
        """Queue an update; return its id."""
        self._ids += 1
        self.updates.append({"update_id": self._ids, **fields})
        self._news.set()
        return self._ids

    def say(self, chat: int, text: str, **fields: Any) -> int:
        return self.push(message=self.message(chat, text=text, **fields))

    def press(self, chat: int, message: Json, data: str) -> int:
        self._ids += 1
        query = {"id": f"q{self._ids}", "from": self.person(chat), "chat_instance": "1", "data": data}
        return self.push(callback_query={**query, "message": json.loads(json.dumps(message))})

    def member(self, chat: int, status: str) -> int:
        self.blocked = self.blocked | {chat} if status == "kicked" else self.blocked - {chat}
        me = {"id": 1000, "is_bot": True, "first_name": "L", "username": NAME}
        change = {
            "chat": {"id": chat, "type": "private"},
            "from": self.person(chat),
            "date": int(time.time()),
            "old_chat_member": {"user": me, "status": "member"},
            "new_chat_member": {"user": me, "status": status, "until_date": 0},
        }
        return self.push(my_chat_member=change)

    def shown(self, chat: int) -> list[Json]:
        """Return the bot's messages of a chat as they look now."""
        return list(self.chats.get(chat, {}).values())

    def refused(self) -> list[str]:
        """Return the methods of calls that were not taken."""
        return [call.method for call in self.calls if not call.status and call.method != "getUpdates"]

    def press_first(self, chat: int) -> int:
        """Press the first button of the question shown last."""
        shown = next(one for one in reversed(self.shown(chat)) if "reply_markup" in one)
        return self.press(chat, shown, shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"])

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def fail(self, method: str, answer: Refusal | str, times: int = 1, chat: int | None = None) -> None:
        """Let the next calls meet a `Refusal`, or `wait`, `hang`, `cut`, `wall` or one of `TEXTS`."""
        self.faults.append(Fault(method, answer, times, chat))

    async def until(self, true: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110  a test may wait for anything
                await asyncio.sleep(0.005)

    # --- the line ----------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            fields = await self._fields(request, method)
            call = Call(method, fields, time.monotonic())
            self.calls.append(call)
            await self._fault(method, fields.get("chat_id"), request)
            self._count(method)
            result = getattr(self, f"_{method}")(**fields)
            result = await result if asyncio.iscoroutine(result) else result
        except Refusal as refusal:
            body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.words}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            if refusal.status == 400 and "not modified" not in refusal.words:
                self.broken.append(f"{method}: {refusal.words}")
            return web.json_response(body, status=refusal.status)
        call.status = 200
        return web.json_response({"ok": True, "result": result})

    async def _fields(self, request: web.Request, method: str) -> Json:
        if method not in FIELDS:
            raise Refusal(404, "Not Found")
        fields: Json = {}
        for name, value in (await request.post()).items():
            if name not in FIELDS[method]:
                raise Refusal(400, f"Bad Request: {method} has no field {name}")
            fields[name] = _plain(name, value)
        return fields

    async def _fault(self, method: str, chat: int | None, request: web.Request) -> None:
        meant = (one for one in self.faults if one.method == method and one.chat in (None, chat))
        fault = next(meant, None)
        if fault is None:
            return
        fault.times -= 1
        if not fault.times:
            self.faults.remove(fault)
        if isinstance(fault.answer, Refusal):
            raise fault.answer
        if fault.answer == "wait":
            await self.gate.wait()
            return
        if fault.answer == "hang":
            await asyncio.sleep(3600)
        if fault.answer == "cut" and request.transport:
            request.transport.close()
            await asyncio.sleep(0)
            raise web.HTTPOk
        if fault.answer == "wall":
            raise web.HTTPForbidden(text="<html>who are you</html>", content_type="text/html")
        raise web.HTTPOk(text=TEXTS[fault.answer])

    # --- updates -----------------------------------------------------------------------------------------

    async def _getUpdates(  # noqa: N802  the method of Telegram it answers
        self,
        offset: int = 0,
        timeout: int = 0,  # noqa: ASYNC109  Telegram's own name
        limit: int = 100,
        **_: Any,
    ) -> list[Json]:
        if self.webhook.get("url"):
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._end_poll()
        mine = self._poll = asyncio.get_running_loop().create_future()
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        end = time.monotonic() + timeout * self.holds
        while not self.updates and (left := end - time.monotonic()) > 0:
            self._news.clear()
            news = asyncio.ensure_future(self._news.wait())
            await asyncio.wait([news, mine], timeout=left, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if mine.done():
                raise Refusal(
                    409, "Conflict: terminated by other getUpdates request; make sure only one runs"
                )
        if self._poll is mine:
            self._poll = None
        return list(self.updates)[:limit]

    def _end_poll(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def _setWebhook(self, url: str, secret_token: str = "", **_: Any) -> bool:  # noqa: N802  the method of Telegram it answers
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret_token):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = {"url": url, "secret": secret_token}
        self._caller = self._caller or asyncio.create_task(self._call_webhook())
        return True

    def _deleteWebhook(self, **_: Any) -> bool:  # noqa: N802  the method of Telegram it answers
        self.webhook = {}
        return True

    def _getWebhookInfo(self) -> Json:  # noqa: N802  the method of Telegram it answers
        return {"url": self.webhook.get("url", ""), "pending_update_count": len(self.updates)}

    async def _call_webhook(self) -> None:
        async with ClientSession() as session:
            while True:
                self._news.clear()
                while self.updates and self.webhook:
                    if not await self._delivered(session, self.updates[0]):
                        await asyncio.sleep(0.05)
                        continue
                    self.updates.popleft()
                await self._news.wait()

    async def _delivered(self, session: ClientSession, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]}
        try:
            async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                return answer.status == 200
        except ClientError:
            return False

    # --- methods -----------------------------------------------------------------------------------------

    def _getMe(self) -> Json:  # noqa: N802  the method of Telegram it answers
        return {"id": 1000, "is_bot": True, "first_name": "Lowtide", "username": NAME}

    def _setMyCommands(self, commands: list[Json], scope: Json, language_code: str = "") -> bool:  # noqa: N802  the method of Telegram it answers
        if scope["type"] != "all_private_chats" or not 0 < len(commands) <= 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_INVALID")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 0 < len(one["description"]) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        self.menus[language_code] = commands
        return True

    def _reach(self, chat: int) -> None:
        if chat in self.migrated:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated[chat],
            )
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat not in self.chats:
            raise Refusal(400, "Bad Request: chat not found")

    def _count(self, method: str) -> None:
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - 1.0:
            self._taken.popleft()
        if self.most and method.startswith(("send", "edit", "answer")):
            if len(self._taken) >= self.most:
                raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
            self._taken.append(now)

    def _pace(self, chat: int) -> None:
        now = time.monotonic()
        while self._sends and self._sends[0][0] < now - 1.0:
            self._sends.popleft()
        if self.limited and (len(self._sends) >= 30 or any(one == chat for _, one in self._sends)):
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self._sends.append((now, chat))

    def _sendMessage(  # noqa: N802  the method of Telegram it answers
        self, chat_id: int, text: str = "", parse_mode: str = "", reply_markup: Json | None = None, **_: Any
    ) -> Json:
        self._reach(chat_id)
        body = _written(text, parse_mode)
        if reply_markup:
            body["reply_markup"] = _keyboard(reply_markup)
        self._pace(chat_id)
        return self._keep(chat_id, body)

    def _sendDocument(self, chat_id: int, document: Json) -> Json:  # noqa: N802  the method of Telegram it answers
        self._reach(chat_id)
        self._pace(chat_id)
        kept = {"file_id": "f", "file_unique_id": "u", "file_name": document["name"]}
        return self._keep(chat_id, {"document": kept, "_content": document["content"]})

    def _sendPhoto(self, chat_id: int, photo: Json, caption: str = "", parse_mode: str = "") -> Json:  # noqa: N802  the method of Telegram it answers
        self._reach(chat_id)
        width, height = _measured(photo)
        body = _written(caption, parse_mode, most=1024) if caption else {"text": "", "entities": []}
        self._pace(chat_id)
        size = {"file_id": "p", "file_unique_id": "u", "width": width, "height": height}
        under = {"caption": body["text"], "caption_entities": body["entities"]} if caption else {}
        return self._keep(chat_id, {"photo": [size], **under, "_content": photo["content"]})

    def _keep(self, chat: int, body: Json) -> Json:
        self._ids += 1
        me = {"id": 1000, "is_bot": True, "first_name": "Lowtide", "username": NAME}
        place = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        message = {"message_id": self._ids, "from": me, "chat": place, "date": int(time.time()), **body}
        self.chats[chat][self._ids] = message
        return {name: value for name, value in message.items() if name != "_content"}

    def _sendChatAction(self, chat_id: int, action: str) -> bool:  # noqa: N802  the method of Telegram it answers
        self._reach(chat_id)
        if action != "typing":
            raise Refusal(400, "Bad Request: wrong parameter action in request")
        return True

    def _editMessageText(  # noqa: N802  the method of Telegram it answers
        self,
        chat_id: int,
        message_id: int,
        text: str,
        parse_mode: str = "",
        reply_markup: Json | None = None,
        **_: Any,
    ) -> Json:
        return self._edit(chat_id, message_id, _written(text, parse_mode), reply_markup)

    def _editMessageReplyMarkup(  # noqa: N802  the method of Telegram it answers
        self, chat_id: int, message_id: int, reply_markup: Json | None = None
    ) -> Json:
        return self._edit(chat_id, message_id, {}, reply_markup)

    def _edit(self, chat: int, id: int, body: Json, markup: Json | None) -> Json:
        self._reach(chat)
        old = self.chats[chat].get(id)
        if old is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        new = {name: value for name, value in old.items() if name != "reply_markup"} | body
        if markup:
            new["reply_markup"] = _keyboard(markup)
        if new == old:
            raise Refusal(400, "Bad Request: message is not modified")
        self.chats[chat][id] = new
        return new

    def _deleteMessages(self, chat_id: int, message_ids: list[int]) -> bool:  # noqa: N802  the method of Telegram it answers
        self._reach(chat_id)
        if not 1 <= len(message_ids) <= 100:
            raise Refusal(400, "Bad Request: there must be 1-100 message identifiers")
        places = self.chats[chat_id], self.written.get(chat_id, {})
        found = [(place, id) for place in places for id in message_ids if id in place]
        if any(place[id]["date"] < time.time() - 48 * 3600 for place, id in found):
            raise Refusal(400, "Bad Request: message can't be deleted for everyone")
        for place, id in found:
            del place[id]
        return True

    def _answerCallbackQuery(self, callback_query_id: str) -> bool:  # noqa: N802  the method of Telegram it answers
        if callback_query_id in self.answered:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired")
        self.answered.append(callback_query_id)
        return True

    def _answerPreCheckoutQuery(self, pre_checkout_query_id: str, ok: bool, error_message: str) -> bool:  # noqa: N802  the method of Telegram it answers
        self.answered.append(f"{pre_checkout_query_id} {ok} {error_message}")
        return True

    def _answerShippingQuery(self, shipping_query_id: str, ok: bool, error_message: str) -> bool:  # noqa: N802  the method of Telegram it answers
        self.answered.append(f"{shipping_query_id} {ok} {error_message}")
        return True


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, web.FileField):
        content = value.file.read()
        kind = {"name": value.filename, "type": value.content_type}
        return kind | {"content": content if name == "photo" else content.decode()}
    if name == "photo":
        raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
    if name in STRUCTURED:
        return json.loads(value)
    if name in {"ok", "drop_pending_updates"}:
        return value == "true"
    return int(value) if name in {"chat_id", "message_id", "offset", "timeout", "limit"} else value


def _measured(photo: Json) -> tuple[int, int]:
    """Read a picture's width and height; what is no sound PNG of a size that Telegram takes is refused."""
    data = photo["content"]
    if photo["type"] != "image/png" or not photo["name"].endswith(".png") or data[:8] != b"\x89PNG\r\n\x1a\n":
        raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
    at, width, height = 8, *struct.unpack(">II", data[16:24])
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        (told,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if zlib.crc32(data[at + 4 : at + 8 + length]) != told:
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        at += 12 + length
    if width + height > 10_000 or max(width, height) > 20 * min(width, height) or len(data) > 10 * 2**20:
        raise Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return width, height


def _written(text: str, mode: str, most: int = 4096) -> Json:
    if mode not in {"", "HTML"}:
        raise Refusal(400, "Bad Request: unsupported parse_mode")
    html = Html(text) if mode else None
    plain, entities = (html.text, html.entities) if html else (text, [])
    if not plain.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if units(plain) > most:
        wrong = "message is too long" if most == 4096 else "message caption is too long"
        raise Refusal(400, f"Bad Request: {wrong}")
    return {"text": plain, "entities": entities + detected(plain)}


def _keyboard(markup: Json) -> Json:
    for row in markup["inline_keyboard"]:
        for one in row:
            if not 1 <= len(one.get("callback_data", "").encode()) <= 64 or not one["text"]:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup
