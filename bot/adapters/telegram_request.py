"""How python-telegram-bot reaches Telegram: through aiohttp, which costs a fraction of its default client.

Nothing here can leak: the address of every call holds the token, and its body what people say, so no error
carries either.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies

import aiohttp
from aiohttp import BytesPayload, ClientSession, ClientTimeout, FormData
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.adapters.telegram_floods import Flooded, wait
from bot.errors import Unreachable

_CONNECT = 5.0
_FORM = "application/x-www-form-urlencoded"
_SOUND = re.compile(rb'"ok"\s*:\s*true')


class AiohttpRequest(BaseRequest):
    """Call Telegram with at most `connections` sockets, giving an answer `seconds` unless told otherwise."""

    def __init__(self, connections: int = 64, seconds: float = 20.0) -> None:
        self._connections = connections
        self._seconds = seconds
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Tell how many seconds an answer may take."""
        return self._seconds

    async def initialize(self) -> None:
        """Open the session; a proxy is used where the environment names one."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=bool(getproxies()),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every socket."""
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; one that is no JSON object is a failure of the network, and is not repeated."""
        try:
            answer = json.loads(payload)
        except ValueError:
            raise NetworkError("the answer is no JSON") from None
        if not isinstance(answer, dict) or (answer.get("ok") and "result" not in answer):
            raise NetworkError("the answer is none of Telegram's")
        return answer

    def _told(self, payload: bytes) -> dict[str, Any]:
        """Read what goes with a refusal; a proxy's own may be no JSON."""
        try:
            return self.parse_json_payload(payload)
        except NetworkError:
            return {}

    async def do_request(  # noqa: PLR0913, PLR0917  the library's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; the three other timeouts are part of the time an answer may take."""
        del write_timeout, connect_timeout, pool_timeout
        if self._session is None:
            raise Unreachable("the adapter has not been started")
        whole = read_timeout if isinstance(read_timeout, int | float) else self._seconds
        timeout = ClientTimeout(total=whole, sock_connect=_CONNECT)
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as reply:
                status, payload = reply.status, await reply.read()
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if status == HTTPStatus.OK and not _SOUND.search(payload):
            status = int(self.parse_json_payload(payload).get("error_code", HTTPStatus.BAD_GATEWAY))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Flooded(wait(self._told(payload), reply.headers.get("Retry-After")))
        if status == HTTPStatus.FORBIDDEN:
            self.parse_json_payload(payload)  # the page of a wall in between does not say that a person left
        return status, payload


def _body(data: RequestData | None) -> FormData | BytesPayload | None:
    """Return a form, with its files where there are any; yarl writes one six times as fast as `urlencode`."""
    if data is None or not data.contains_files:
        written = URL.build(query=data.json_parameters if data else {}).raw_query_string.encode()
        return BytesPayload(written, content_type=_FORM) if written else None
    form = FormData(data.json_parameters)
    for name, (file, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=file, content_type=mime)
    return form
