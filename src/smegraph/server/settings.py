"""The settings of the service: flags, environment (SMEGRAPH_…), a TOML file; in that order."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from smegraph.server import addresses
from smegraph.server.addresses import ANY, NONE
from smegraph.server.errors import SettingsError, WrongAddress
from smegraph.suggest import nearest

PREFIX: Final = "SMEGRAPH_"
CONFIG_VARIABLE: Final = PREFIX + "CONFIG"
MEBIBYTE: Final = 2**20

# Variables of the same prefix that are read elsewhere.
_OTHER_VARIABLES: Final = frozenset({CONFIG_VARIABLE, PREFIX + "ONTOLOGY"})

_Texts = Annotated[tuple[str, ...], NoDecode]

# What brings the value of a setting, or each of its values, into its one form, or refuses it.
_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "base_url": addresses.base_address,
    "forwarded_allow_ips": addresses.proxy,
    "allow_service": addresses.service_address,
    "cors_origin": addresses.origin,
    "allowed_host": addresses.host,
}
_LISTS: Final = tuple(name for name in _FORMS if name != "base_url")
_ALONE: Final = {
    "cors_origin": {addresses.ANY: "all sites", addresses.NONE: "no site"},
    "allowed_host": {addresses.ANY: "every host"},
}


def _setting(default: object, unit: str, description: str, **bounds: Any) -> Any:
    """Return a field with its default, its unit (or what its value is), and its meaning."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **bounds)


class Settings(BaseSettings):
    """Every setting with its default; a name that is none of these is refused.

    Times are in seconds, sizes in the unit that stands with them. `load_settings` reads all the
    sources and says where a wrong value came from; made directly, only arguments and the
    environment count.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        validate_default=False,
    )

    out: Path = _setting(Path("build"), "DIR", "The folder of releases.")
    dataset: Path | None = _setting(None, "PATH", "A folder or file of RDF to serve instead.")
    sources: Path | None = _setting(
        None, "DIR", "The source documents, to show the passages of facts."
    )
    follow_links: bool = _setting(False, "", "Follow links that lead out of the dataset's folder.")
    writable: bool = _setting(False, "", "Take updates (needs --dataset and tokens).")
    host: str = _setting("127.0.0.1", "ADDRESS", "The address to listen on.", min_length=1)
    port: int = _setting(8000, "PORT", "The port; 0 takes a free one.", ge=0, le=65535)
    base_url: str | None = _setting(
        None, "URL", "The address of the first page, as clients see it."
    )
    forwarded_allow_ips: _Texts = _setting(
        (), "ADDRESS", "A proxy whose X-Forwarded-For and -Proto are believed."
    )
    cors_origin: _Texts = _setting(
        (),
        "ORIGIN",
        "A site whose pages may read answers; * all, none no site. Unset: *, with --writable none.",
    )
    allowed_host: _Texts = _setting(
        (),
        "HOST",
        "A host that requests may name; *.NAME all below a name, * any. Unset: *, with --writable "
        "only this machine and the host of --base-url, which are never left out.",
    )
    default_prefixes: bool = _setting(True, "", "Know the usual prefixes undeclared.")
    default_graph: Literal["union", "strict"] = _setting(
        "union", "", "All named graphs together, or the standard's own default graph."
    )
    allow_service: _Texts = _setting((), "URL", "A service that queries may call.")
    timeout: float = _setting(30.0, "SECONDS", "How long a query may take.", gt=0, le=86400)
    workers: int = _setting(
        0, "COUNT", "Short queries at once; 0: one more than cores.", ge=0, le=1024
    )
    heavy_workers: int = _setting(
        0, "COUNT", "Long queries at once; 0: as many as cores.", ge=0, le=1024
    )
    queue: int = _setting(128, "COUNT", "Queries that may wait for a worker.", ge=0)
    worker_memory: int = _setting(1024, "MIB", "Memory that one query may take.", ge=64)
    result_limit: int = _setting(1024, "MIB", "The largest result.", ge=1)
    cache_size: int = _setting(64, "MIB", "Results kept in memory; 0 keeps none.", ge=0)
    url_limit: int = _setting(16384, "BYTES", "The longest URL of a request.", ge=256)
    header_limit: int = _setting(32768, "BYTES", "The headers of a request.", ge=1024)
    header_fields: int = _setting(100, "COUNT", "Header fields of a request.", ge=16)
    query_limit: int = _setting(1, "MIB", "The longest query that is posted.", ge=1)
    body_limit: int = _setting(256, "MIB", "The largest update or uploaded graph.", ge=1)
    literal_limit: int = _setting(
        8192, "KIB", "The longest literal or IRI, as N-Triples, of a dataset.", ge=1, le=8192
    )
    keep_free: int = _setting(256, "MIB", "Room that changes leave on the dataset's disk.", ge=0)
    connections: int = _setting(1000, "COUNT", "Connections at once.", ge=1)
    rate_limit: float = _setting(0.0, "RATE", "Requests per second and client; 0: any.", ge=0)
    header_timeout: float = _setting(10.0, "SECONDS", "How long headers may take to come.", gt=0)
    body_timeout: float = _setting(
        30.0, "SECONDS", "How long a body may stall, and one second more for each KiB.", gt=0
    )
    send_timeout: float = _setting(
        60.0, "SECONDS", "How long a client may take nothing of its response.", gt=0
    )
    keep_alive: float = _setting(15.0, "SECONDS", "How long an idle connection is kept.", gt=0)
    stop_timeout: float = _setting(
        10.0, "SECONDS", "To finish what runs on being stopped.", ge=0, le=3600
    )
    log_format: Literal["auto", "json", "text", "none"] = _setting(
        "auto", "", "The log on standard error; auto: text on a terminal, else JSON."
    )
    spool: Path | None = _setting(None, "DIR", "Where large results wait for slow clients.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources that are asked: no .env file and no folder of secrets."""
        return init_settings, env_settings

    @field_validator("*", mode="before")
    @classmethod
    def _take_what_is_meant(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields[str(info.field_name)]
        # Python takes true for the number 1, and a file that says `port = true` is wrong.
        if isinstance(value, bool) and field.annotation is not bool:
            raise PydanticCustomError("boolean", "true and false are no values for it")
        return None if value == "" and field.default is None else value

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        parts = (value,) if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            return value
        return [word for part in parts for word in part.replace(",", " ").split()]

    @field_validator(*_FORMS)
    @classmethod
    def _must_be_right(cls, value: Any, info: ValidationInfo) -> Any:
        form = _FORMS[str(info.field_name)]
        try:
            if isinstance(value, tuple):
                return tuple(dict.fromkeys(form(part) for part in value))
            return None if value is None else form(value)
        except WrongAddress as error:
            message = str(error).replace("{", "{{").replace("}", "}}")
            raise PydanticCustomError("address", message) from error

    @field_validator(*_ALONE)
    @classmethod
    def _must_stand_alone(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for word, meaning in _ALONE[str(info.field_name)].items():
            if word in value and len(value) > 1:
                raise PydanticCustomError(
                    "alone", f"{word} stands for {meaning}, so leave it out or the others"
                )
        return value

    @model_validator(mode="after")
    def _must_fit_together(self) -> Self:
        if self.writable and self.dataset is None:
            raise PydanticCustomError(
                "needs_dataset",
                "--writable needs --dataset DIR: the release of the studies is never written to",
            )
        return self

    def _hosts(self) -> tuple[str, ...]:
        if ANY in self.allowed_host or not (self.allowed_host or self.writable):
            return (ANY,)
        return tuple(dict.fromkeys([*_own_hosts(self.host, self.base_url), *self.allowed_host]))

    def effective(self) -> Settings:
        """Return the settings with everything replaced that stands for "as fits".

        Together the workers are at least two more than the cores, and heavy queries never hold
        all of them. What is public may be read by any site and under any name; what takes updates
        may be private, and is open to those that are named only.
        """
        cores = available_cores()
        return self.model_copy(
            update={
                "workers": self.workers or max(2, cores + 1),
                "heavy_workers": self.heavy_workers or cores,
                "cors_origin": self.cors_origin or (NONE if self.writable else ANY,),
                "allowed_host": self._hosts(),
            }
        )


def _own_hosts(host: str, base_url: str | None) -> Iterator[str]:
    yield from ("localhost", "127.0.0.1", "::1")
    with suppress(WrongAddress):
        yield addresses.host(host)
    if base_url:
        yield addresses.host(urlsplit(base_url).hostname or "")


def available_cores() -> int:
    """Return how many cores this process may use, heeding a container's quota; at least 1."""
    cores = len(os.sched_getaffinity(0))
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text("ascii").split()
    except (OSError, ValueError):
        return cores
    return cores if quota == "max" else max(1, min(cores, int(quota) // int(period)))


def unit_of(field: FieldInfo) -> str:
    """Return a setting's unit in capitals, the values to choose from, or "" for yes and no."""
    extra = field.json_schema_extra
    unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
    choices = getattr(field.annotation, "__args__", ())
    return unit or "|".join(choice for choice in choices if isinstance(choice, str))


def is_repeatable(field: FieldInfo) -> bool:
    """Say whether a setting takes several values."""
    return isinstance(field.default, tuple)


def flag_of(name: str) -> str:
    """Return the flag of a setting as a person writes it."""
    return "--" + name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class _Source:
    """Values of settings by name, and how a sentence calls the place of one."""

    values: Mapping[str, object]
    pattern: str

    def place(self, name: str) -> str:
        return self.pattern.format(flag=flag_of(name), variable=PREFIX + name.upper(), name=name)


def load_settings(flags: Mapping[str, object], config: Path | None = None) -> Settings:
    """Return the settings from flags, the environment and a file; the first that has one counts.

    Args:
        flags: values by the names of the fields; only those that were given.
        config: the TOML file; None takes the one that SMEGRAPH_CONFIG names, if any.

    Raises:
        SettingsError: with every unknown name and every wrong value, and where each came from.
    """
    named = config or (Path(found) if (found := os.environ.get(CONFIG_VARIABLE)) else None)
    table = _read_toml(named) if named else {}
    sources = [
        _Source(flags, "{flag}"),
        _Source(EnvSettingsSource(Settings)(), "{variable}"),
        _Source(table, f"{{name}} in {_braced(named)}"),
    ]
    problems = [*_unknown_variables(), *_unknown_keys(table, named)]
    known = {
        name: value
        for source in reversed(sources)
        for name, value in source.values.items()
        if name in Settings.model_fields
    }
    try:
        settings = Settings(**known)  # type: ignore[arg-type]
    except ValidationError as error:
        problems += [_sentence(detail, sources) for detail in error.errors()]
    if problems:
        raise SettingsError(problems)
    return settings


def _braced(path: Path | None) -> str:
    return str(path).replace("{", "{{").replace("}", "}}")


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError([f"{path} cannot be read: {error.strerror}."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path} is no TOML: {error}."]) from error


def _unknown_keys(table: Mapping[str, object], path: Path | None) -> Iterator[str]:
    for key in table:
        if key not in Settings.model_fields:
            yield f"{key} in {path} is no setting.{_nearest(key, list(Settings.model_fields))}"


def _unknown_variables() -> Iterator[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | _OTHER_VARIABLES
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            yield f"The variable {variable} is no setting.{_nearest(variable, sorted(known))}"


def _nearest(name: str, known: Sequence[str]) -> str:
    found = nearest(name, known)
    return f" Is {found} meant?" if found else ""


def _sentence(detail: ErrorDetails, sources: Sequence[_Source]) -> str:
    """Return what is wrong with a value and where it stands."""
    message = detail["msg"][:1].lower() + detail["msg"][1:].partition(" for <class")[0]
    if not detail["loc"]:
        return detail["msg"] + "."
    name = str(detail["loc"][0])
    place = next(source.place(name) for source in sources if name in source.values)
    return f"{place} is {_shown(detail['input'])}: {message}."


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else repr(value)
