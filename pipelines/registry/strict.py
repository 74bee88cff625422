"""Reading the house's YAML: frozen, strict, and with errors that teach.

Every registry model derives from `Strict`; every file is read by `read_yaml`. A key that does not
exist is refused with the nearest key that does.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import RegistryError


class Strict(BaseModel):
    """A frozen record whose unknown keys fail."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Record = TypeVar("Record", bound=Strict)


# The parser in C reads the same eight times as fast, where PyYAML was built with it.
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UniqueKeyLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """A loader that refuses a key written twice in one mapping."""


def _mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode, deep: bool = False) -> Any:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    if twice:
        raise yaml.constructor.ConstructorError(
            None, None, f"written twice: {', '.join(sorted(twice))}", node.start_mark
        )
    return loader.construct_mapping(node, deep=deep)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """The content of one YAML file.

    Raises:
        RegistryError: the file is missing, is not YAML, or writes a key twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)  # noqa: S506
    except FileNotFoundError as error:
        raise RegistryError("the file is missing", where=short(path)) from error
    except yaml.YAMLError as error:
        raise RegistryError(f"not readable as YAML ({error})", where=short(path)) from error


def parse(model: type[Record], content: Any, where: str) -> Record:
    """One record from YAML content.

    Raises:
        RegistryError: names every wrong key and, for an unknown one, the key that was meant.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise RegistryError(
            "; ".join(_explain(model, item) for item in error.errors()),
            where=where,
            remedy="Correct the file; the fields are described in " + model.__module__,
        ) from error


def load(model: type[Record], path: Path) -> Record:
    """One record from one YAML file."""
    return parse(model, read_yaml(path), short(path))


def nearest(name: str, known: Iterable[str]) -> str:
    """' (did you mean ...?)', or the known names where none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f" (did you mean '{near[0]}'?)" if near else f" (known: {', '.join(names)})"


def short(path: Path) -> str:
    """The path as a reader of the repository would write it."""
    parts = path.parts
    for top in ("sql", "expectations", "data", "tests"):
        if top in parts:
            return "/".join(parts[parts.index(top) :])
    return path.name


def _explain(model: type[BaseModel], item: Any) -> str:
    """One pydantic fault in a reader's words."""
    name = ".".join(str(part) for part in item["loc"])
    if item["type"] != "extra_forbidden":
        return f"{name}: {item['msg']}"
    owner = _owner(model, item["loc"][:-1])
    return f"unknown key '{name}'{nearest(str(item['loc'][-1]), owner.model_fields)}"


def _owner(model: type[BaseModel], loc: tuple[Any, ...]) -> type[BaseModel]:
    """The nested model a fault's location lies in, as far as annotations tell."""
    for part in loc:
        field = model.model_fields.get(str(part))
        if field is None:
            continue
        inner = [kind for kind in _kinds(field.annotation) if issubclass(kind, BaseModel)]
        if inner:
            model = inner[0]
    return model


def _kinds(annotation: Any) -> list[type]:
    arguments = getattr(annotation, "__args__", ())
    found = [kind for argument in arguments for kind in _kinds(argument)]
    return [annotation, *found] if isinstance(annotation, type) else found
