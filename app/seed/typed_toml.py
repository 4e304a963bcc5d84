"""Turns TOML tables into frozen dataclasses, and says in plain words which entry of which file is wrong."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ContentError(Exception):
    """A sentence for whoever edits the content: file, entry, and what to do."""


def read_tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path.name}: this file is missing.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: this file cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: this is not valid TOML: {error}.") from None


def entries(cls: type[T], tables: Mapping[str, Any], key: str, file: str) -> tuple[T, ...]:
    """Every [[key]] table of the file, as cls."""
    rows = tables.get(key, [])
    return tuple(entry(cls, row, f"{file}, {key} {_label(row, number)}") for number, row in enumerate(rows, 1))


def entry(cls: type[T], row: Mapping[str, Any], where: str) -> T:
    hints = get_type_hints(cls)
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    for name in row:
        if name not in known:
            raise ContentError(f"{where}: '{name}' is not a known field; known are {', '.join(known)}.")
    for name, field in known.items():
        if name not in row and field.default is MISSING and field.default_factory is MISSING:
            raise ContentError(f"{where}: '{name}' is missing.")
    return cls(**{name: _value(hints[name], value, f"{where}, {name}") for name, value in row.items()})


def _label(row: Mapping[str, Any], number: int) -> str:
    for name in ("slug", "code", "login", "name", "said"):
        if name in row:
            return f"'{row[name]}'"
    return f"number {number}"


def _value(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin is tuple:
        return _items(get_args(hint)[0], value, where)
    if origin is UnionType:
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
        return _value(hint, value, where)
    if origin is Literal:
        return _choice(get_args(hint), value, where)
    if is_dataclass(hint) and isinstance(hint, type):
        return entry(hint, _expect(dict, value, where), where)
    return _expect(hint, value, where)


def _items(hint: Any, value: Any, where: str) -> tuple[Any, ...]:
    items = _expect(list, value, where)
    return tuple(_value(hint, item, f"{where} {number}") for number, item in enumerate(items, 1))


def _choice(options: tuple[Any, ...], value: Any, where: str) -> Any:
    if value not in options:
        raise ContentError(f"{where}: '{value}' is not allowed; choose one of {', '.join(map(str, options))}.")
    return value


def _expect(kind: type, value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise ContentError(f"{where}: {value!r} should be {kind.__name__}, not {type(value).__name__}.")
    return value
