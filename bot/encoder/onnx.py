"""The numbers of a neural network, read out of its ONNX file without the runtime that would run it.

An ONNX file is a protocol buffer; only the four fields that hold names and numbers are read:
ModelProto.graph (7), GraphProto.initializer (5) and node (1), and their names, shapes and bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GRAPH, _NODE, _TENSOR = 7, 1, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_INPUT, _OPERATION = 1, 4
_TYPES = {1: "<f4", 3: "<i1", 7: "<i8"}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MORE = 0x80


@dataclass(frozen=True, slots=True)
class Network:
    """Hold the tensors of a network by name, and what each matrix product multiplies with, in order."""

    tensors: Mapping[str, NDArray[Any]]
    factors: tuple[str, ...]


def read_network(path: Path) -> Network:
    """Read a network; its numbers stay in the file until they are used.

    Raises:
        EncoderError: it is no ONNX file.
        OSError: it cannot be read.
    """
    import numpy as np  # noqa: PLC0415  slow to import, and a run without an encoder needs none of it

    data: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
    try:
        whole = memoryview(data)  # type: ignore[arg-type]  # numpy before 3.12 has the buffer, not the type
        graph = next(span for number, span in _fields(whole, 0, len(whole)) if number == _GRAPH)
        parts = list(_fields(whole, *_span(graph)))
    except (StopIteration, IndexError, KeyError, TypeError, ValueError) as error:
        raise EncoderError(f"{path.name} is no network") from error
    tensors = dict(_tensor(data, whole, *_span(span)) for number, span in parts if number == _TENSOR)
    products = [_factor(whole, *_span(span)) for number, span in parts if number == _NODE]
    return Network(tensors, tuple(name for name in products if name))


def _tensor(data: NDArray[np.uint8], whole: memoryview, start: int, stop: int) -> tuple[str, NDArray[Any]]:
    shape: list[int] = []
    name, kind, raw = "", 1, (0, 0)
    for number, value in _fields(whole, start, stop):
        if number == _DIMS:
            shape += [value] if isinstance(value, int) else _varints(whole, *value)
        elif number == _TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME:
            name = _text(whole, *_span(value))
        elif number == _RAW:
            raw = _span(value)
    return name, data[raw[0] : raw[1]].view(_TYPES.get(kind, "<u1")).reshape(shape if raw != (0, 0) else -1)


def _factor(whole: memoryview, start: int, stop: int) -> str:
    """Return what a matrix product multiplies with; empty for another operation."""
    fields = list(_fields(whole, start, stop))
    inputs = [_text(whole, *_span(value)) for number, value in fields if number == _INPUT]
    operation = next((_text(whole, *_span(value)) for number, value in fields if number == _OPERATION), "")
    return inputs[1] if operation == "MatMul" else ""


def _fields(whole: memoryview, start: int, stop: int) -> Iterator[tuple[int, int | tuple[int, int]]]:
    """Give each field of a message: its number, and its value or where its bytes lie."""
    at = start
    while at < stop:
        key, at = _varint(whole, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(whole, at)
            yield number, value
            continue
        size, at = _varint(whole, at) if wire == _BYTES else ({_FIXED64: 8, _FIXED32: 4}[wire], at)
        yield number, (at, at + size)
        at += size


def _varint(whole: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = whole[at]
        value |= (byte & ~_MORE) << shift
        at, shift = at + 1, shift + 7
        if byte < _MORE:
            return value, at


def _varints(whole: memoryview, start: int, stop: int) -> list[int]:
    found = []
    while start < stop:
        value, start = _varint(whole, start)
        found.append(value)
    return found


def _span(value: int | tuple[int, int]) -> tuple[int, int]:
    if isinstance(value, int):
        raise TypeError("a number where bytes belong")
    return value


def _text(whole: memoryview, start: int, stop: int) -> str:
    return bytes(whole[start:stop]).decode()
