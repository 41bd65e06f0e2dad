"""A Discord of our own over sockets, for what the one in process skips: REST faults and a failing gateway."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

BOT = {"id": "1", "username": "lowtide", "discriminator": "0", "avatar": None, "bot": True}
ANN = {"id": "77", "username": "ann", "discriminator": "0", "avatar": None}
CHANNEL = 700
OTHERS = 10**6
"""What a person's number and their channel's lie apart, but for Ann's."""
TOKEN = "right"


def reply(data: object, status: int = 200, **headers: str) -> web.Response:
    """Answer as Discord does: discord.py reads JSON only under exactly this content type."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json", **headers})


def user(person: int) -> dict[str, Any]:
    """Return a person as Discord shows them."""
    return ANN if str(person) == ANN["id"] else {**ANN, "id": str(person), "username": f"p{person}"}


def channel_of(person: int) -> int:
    """Return a person's direct channel."""
    return CHANNEL if str(person) == ANN["id"] else person + OTHERS


def person_of(channel: int) -> int:
    """Return whose direct channel this is."""
    return int(ANN["id"]) if channel == CHANNEL else channel - OTHERS


@dataclass
class DiscordServer:
    """Serve people, Ann where nobody is named. `posts` holds every send, `messages` what was shown.

    `faults` answers the next sends; `on_resume` says what a RESUME gets, and `resume_at` where to ask for it.
    A heartbeat is wanted every `beat` milliseconds."""

    faults: deque[Callable[[], web.Response]] = field(default_factory=deque)
    history_faults: deque[Callable[[], web.Response]] = field(default_factory=deque)
    delete_faults: deque[Callable[[], web.Response]] = field(default_factory=deque)
    callback_faults: deque[Callable[[], web.Response]] = field(default_factory=deque)
    on_resume: str = "RESUMED"
    resume_at: str = ""
    beat: int = 45_000
    answers_beats: bool = True
    messages: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    troubled: dict[int, int] = field(default_factory=dict)
    """How many sends to a person fail before one is taken."""
    opened: list[int] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    identified: list[dict[str, Any]] = field(default_factory=list)
    lines: list[web.WebSocketResponse] = field(default_factory=list)
    _next: int = 10**18
    _sequence: int = 0
    _runner: web.AppRunner | None = None
    port: int = 0

    async def __aenter__(self) -> DiscordServer:
        app = web.Application()
        app.router.add_get("/api/v10/users/@me", self._me)
        app.router.add_get("/api/v10/oauth2/applications/@me", self._application)
        app.router.add_get("/api/v10/gateway/bot", self._gateway_bot)
        app.router.add_put("/api/v10/applications/{id}/commands", self._register)
        app.router.add_post("/api/v10/users/@me/channels", self._open)
        app.router.add_post("/api/v10/channels/{id}/messages", self._post)
        app.router.add_get("/api/v10/channels/{id}/messages", self._history)
        app.router.add_patch("/api/v10/channels/{id}/messages/{message}", self._edit)
        app.router.add_delete("/api/v10/channels/{id}/messages/{message}", self._delete)
        app.router.add_post("/api/v10/interactions/{id}/{token}/callback", self._callback)
        app.router.add_route("*", "/api/v10/webhooks/{tail:.*}", self._webhook)
        app.router.add_get("/gateway/", self._gateway)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for line in self.lines:
            await line.close()
        assert self._runner
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway/"

    @property
    def shown(self) -> list[str]:
        """List what Ann sees from us."""
        return [message["content"] for message in self.messages if message["author"]["id"] == BOT["id"]]

    def shown_to(self, person: int) -> list[str]:
        """List what a person sees from us."""
        mine = str(channel_of(person))
        return [m["content"] for m in self.messages if m["channel_id"] == mine and m["author"] is BOT]

    async def say(self, text: str, heard: bool = True, person: int = int(ANN["id"])) -> None:
        """Let somebody write; what is not heard happens while no line stands."""
        message = self._message(text, user(person), channel_id=str(channel_of(person)))
        if heard:
            await self.dispatch("MESSAGE_CREATE", message)

    async def command(self, name: str, context: int = 1) -> None:
        """Let Ann give a slash command, in our channel (1) or among other people (2)."""
        data = {"id": "5", "name": name, "type": 1}
        await self._interact(2, data, context)

    async def press(self, custom_id: str, context: int = 1) -> None:
        """Let Ann press a button, where it was shown last."""
        data = {"custom_id": custom_id, "component_type": 2}
        shown = (m for m in reversed(self.messages) if custom_id in json.dumps(m["components"]))
        await self._interact(3, data, context, message=next(shown, None) or self.question())

    def question(self) -> dict[str, Any]:
        """Return the message with components that was shown last."""
        return next(m for m in reversed(self.messages) if m["components"])

    def component(self, label: str) -> str:
        """Return what the button with a label carries, in the question shown last."""
        parts = [part for row in self.question()["components"] for part in row["components"]]
        return str(next(part["custom_id"] for part in parts if part.get("label") == label))

    async def submit(self, form: dict[str, Any], text: str, labelled: bool = False) -> None:
        """Let Ann write into a form that was opened, and send it off, in the old shape or the new one."""
        field = {"type": 4, "id": 2, "custom_id": "words", "value": text}
        row = (
            {"type": 18, "id": 1, "component": field}
            if labelled
            else {"type": 1, "id": 1, "components": [field]}
        )
        data = {"custom_id": form["custom_id"], "components": [row]}
        await self._interact(5, data, 1, message=self.question())

    async def _interact(self, kind: int, data: dict[str, Any], context: int, **more: Any) -> None:
        self._next += 1
        channel = {"id": str(CHANNEL), "type": 1 if context == 1 else 3, "recipients": [ANN]}
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                **{"id": str(self._next), "application_id": "1", "type": kind, "token": f"t{self._next}"},
                **{"version": 1, "user": ANN, "channel_id": str(CHANNEL), "channel": channel, "data": data},
                **{"context": context, "locale": "en-US", "entitlements": [], "attachment_size_limit": 1},
                **{"authorizing_integration_owners": {"1": "77"}, **more},
            },
        )

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        self._sequence += 1
        await self.lines[-1].send_json({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def drop(self) -> None:
        """Break the line as a failing network does."""
        await self.lines[-1].close(code=4000)

    def _message(self, text: str, author: dict[str, Any], **more: Any) -> dict[str, Any]:
        self._next += 1
        message = {
            **{"id": str(self._next), "channel_id": str(CHANNEL), "author": author, "content": text},
            **{"timestamp": "2026-11-23T20:00:00.000000+00:00", "edited_timestamp": None, "type": 0},
            **{"tts": False, "mention_everyone": False, "mentions": [], "mention_roles": []},
            **{"attachments": [], "embeds": [], "pinned": False, "components": [], **more},
        }
        self.messages.append(message)
        return message

    # --- REST ----------------------------------------------------------------------------------------

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return reply({"message": "401: Unauthorized", "code": 0}, 401)
        return reply(BOT)

    async def _application(self, _: web.Request) -> web.Response:
        verify = {"verify_key": "", "bot_public": True, "bot_require_code_grant": False, "owner": ANN}
        return reply({"id": "1", "name": "lowtide", "icon": None, "description": "", "flags": 0, **verify})

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return reply({"url": self.gateway, "shards": 1, "session_start_limit": limit})

    async def _register(self, request: web.Request) -> web.Response:
        self.commands = [
            {**command, "id": str(n), "application_id": "1", "version": "1"}
            for n, command in enumerate(await request.json(), 5)
        ]
        return reply(self.commands)

    async def _open(self, request: web.Request) -> web.Response:
        person = int((await request.json())["recipient_id"])
        self.opened.append(person)
        channel = str(channel_of(person))
        return reply({"id": channel, "type": 1, "recipients": [user(person)], "last_message_id": None})

    async def _post(self, request: web.Request) -> web.Response:
        if request.content_type.startswith("multipart/"):  # with files
            body = json.loads(str((await request.post())["payload_json"]))
        else:
            body = await request.json()
        self.posts.append(body)
        if self.troubled.get(person := person_of(int(request.match_info["id"])), 0):
            self.troubled[person] -= 1
            return reply({"message": "oops", "code": 0}, 500)
        fault = self.faults.popleft()() if self.faults else None
        if fault and fault.status != 200:
            return fault
        known = (m for m in self.messages if m.get("nonce") == body["nonce"] and body.get("enforce_nonce"))
        components = body.get("components", [])
        where = {"channel_id": request.match_info["id"]}
        message = next(known, None) or self._message(
            body["content"], BOT, nonce=body["nonce"], components=components, **where
        )
        return fault or reply(message)

    async def _edit(self, request: web.Request) -> web.Response:
        found = next(m for m in self.messages if m["id"] == request.match_info["message"])
        found.update(await request.json())
        return reply(found)

    async def _delete(self, request: web.Request) -> web.Response:
        if self.delete_faults:
            return self.delete_faults.popleft()()
        found = next((m for m in self.messages if m["id"] == request.match_info["message"]), None)
        if found is None:
            return reply({"message": "Unknown Message", "code": 10008}, 404)
        if found["author"]["id"] != BOT["id"]:
            return reply({"message": "Cannot execute action on a DM channel", "code": 50003}, 403)
        self.messages.remove(found)
        return web.Response(status=204)

    async def _history(self, request: web.Request) -> web.Response:
        if self.history_faults:
            return self.history_faults.popleft()()
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        here = [one for one in self.messages if one["channel_id"] == request.match_info["id"]]
        if "after" not in request.query:  # the latest first
            return reply(here[-limit:][::-1])
        later = [message for message in here if int(message["id"]) > after]
        return reply(later[:limit][::-1])

    async def _callback(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.callback_faults:
            return self.callback_faults.popleft()()
        self.answers.append((request.match_info["token"], body))
        return web.Response(status=204)

    async def _webhook(self, request: web.Request) -> web.Response:
        self.answers.append((f"{request.method} {request.match_info['tail']}", await request.json()))
        return reply(self._message("", BOT))

    # --- the gateway ---------------------------------------------------------------------------------

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"op": 10, "d": {"heartbeat_interval": self.beat}})
        async for frame in line:
            if frame.type is WSMsgType.TEXT:
                await self._frame(line, json.loads(frame.data))
        return line

    async def _frame(self, line: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if frame["op"] == 1:
            if self.answers_beats:
                await line.send_json({"op": 11})
        elif frame["op"] == 2:
            self.sessions.append("identify")
            self.identified.append(frame["d"])
            self.lines.append(line)
            await self.dispatch("READY", self._ready(frame["d"]))
        elif frame["op"] == 6:
            self.sessions.append("resume")
            self.lines.append(line)
            await self._resume(line)

    def _ready(self, asked: dict[str, Any]) -> dict[str, Any]:
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [],
            "session_id": "s",
            "resume_gateway_url": self.resume_at or self.gateway,
        }
        return {**ready, "application": {"id": "1", "flags": 0}, "shard": asked.get("shard", [0, 1])}

    async def _resume(self, line: web.WebSocketResponse) -> None:
        if self.on_resume == "RESUMED":
            await self.dispatch("RESUMED", {})
        elif self.on_resume == "INVALID_SESSION":
            await line.send_json({"op": 9, "d": False})
        elif self.on_resume == "LATER":
            self.on_resume = "RESUMED"
            await line.send_json({"op": 9, "d": True})

    async def until(self, true: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until something has come about."""
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110  what it waits for happens in discord.py
                await asyncio.sleep(0.01)
