"""Where settings come from, which counts, and what is refused in which words."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smegraph.cli import serve as serve_command
from smegraph.server.errors import SettingsError
from smegraph.server.settings import (
    Settings,
    available_cores,
    flag_of,
    is_repeatable,
    load_settings,
)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("SMEGRAPH_")]:
        monkeypatch.delenv(variable)


def problems(flags: dict[str, object], config: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(flags, config)
    return list(caught.value.problems)


def written(folder: Path, text: str) -> Path:
    path = folder / "smegraph.toml"
    path.write_text(text, "utf-8")
    return path


def serve(*arguments: str) -> Result:
    return CliRunner().invoke(serve_command.command, arguments)


# ------------------------------------------------------------------ which counts


def test_without_any_source_the_defaults_hold() -> None:
    assert load_settings({}) == Settings()


def test_flags_come_before_variables_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = written(tmp_path, "port = 1\nqueue = 1\nworkers = 1")
    monkeypatch.setenv("SMEGRAPH_PORT", "2")
    monkeypatch.setenv("SMEGRAPH_QUEUE", "2")
    found = load_settings({"port": "3"}, config)
    assert (found.port, found.queue, found.workers) == (3, 2, 1)


def test_a_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMEGRAPH_CONFIG", str(written(tmp_path, "port = 80")))
    assert load_settings({}).port == 80


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMEGRAPH_PORT", "")
    monkeypatch.setenv("SMEGRAPH_CONFIG", "")
    assert load_settings({}).port == 8000


@pytest.mark.parametrize("text", ["http://a/x http://b/", "http://a/x, http://b/"])
def test_a_variable_takes_several_values(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMEGRAPH_ALLOW_SERVICE", text)
    assert load_settings({}).allow_service == ("http://a/x", "http://b/")


def test_a_flag_takes_several_values_too() -> None:
    given = ("http://a/x http://b/", "http://c/")
    assert load_settings({"allow_service": given}).allow_service == (
        "http://a/x", "http://b/", "http://c/",
    )  # fmt: skip


def test_proxies_are_addresses_networks_or_all() -> None:
    proxies = ("127.0.0.1", "::1", "10.0.0.0/8", "*")
    assert Settings(forwarded_allow_ips=proxies).forwarded_allow_ips == proxies


def test_variables_of_other_commands_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", "elsewhere")
    assert load_settings({}) == Settings()


# ------------------------------------------------------------------ what is refused


def test_everything_that_is_wrong_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = written(tmp_path, "queu = 3\ntimeout = 'soon'")
    monkeypatch.setenv("SMEGRAPH_PROT", "80")
    monkeypatch.setenv("SMEGRAPH_CACHE_SIZE", "-1")
    found = problems({"port": "70000"}, config)
    assert sorted(found) == sorted(
        [
            "The variable SMEGRAPH_PROT is no setting. Is SMEGRAPH_PORT meant?",
            f"queu in {config} is no setting. Is queue meant?",
            "--port is 70000: input should be less than or equal to 65535.",
            "SMEGRAPH_CACHE_SIZE is -1: input should be greater than or equal to 0.",
            f"timeout in {config} is soon: input should be a valid number, unable to parse string "
            "as a number.",
        ]
    )


@pytest.mark.parametrize(
    "line",
    ["port = true", "port = 1.5", "timeout = inf", "timeout = 0", "writable = 'perhaps'",
     "out = 3", "forwarded_allow_ips = ['not an ip']",
     "default_graph = 'both'", "allow_service = ['example.org']",
     "allow_service = ['ftp://example.org/']", "base_url = 'localhost'", "host = 1"],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_place(tmp_path: Path, line: str) -> None:
    config = written(tmp_path, line)
    (problem,) = problems({}, config)
    assert problem.startswith(f"{line.split(' =')[0]} in {config} is ")
    assert "<class" not in problem


@pytest.mark.parametrize("text", ["port 80", "[server]\nport = 80"])
def test_a_file_of_another_form_is_refused_by_name(tmp_path: Path, text: str) -> None:
    config = written(tmp_path, text)
    assert str(config) in problems({}, config)[0]


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    (problem,) = problems({}, tmp_path / "none.toml")
    assert problem == f"{tmp_path / 'none.toml'} cannot be read: No such file or directory."


def test_a_file_name_with_braces_is_shown_as_it_is(tmp_path: Path) -> None:
    config = tmp_path / "{name}.toml"
    config.write_text("port = -1")
    assert f"port in {config} is -1" in problems({}, config)[0]


def test_what_is_written_to_must_be_a_dataset_of_its_own() -> None:
    assert problems({"writable": True}) == [
        "--writable needs --dataset DIR: the release of the studies is never written to."
    ]


# ------------------------------------------------------------------ what fits the machine


def test_there_are_two_workers_more_than_cores_altogether() -> None:
    found = Settings().effective()
    assert found.workers >= 2
    assert found.heavy_workers >= 1
    assert found.workers + found.heavy_workers >= available_cores() + 2


def test_numbers_of_workers_that_are_given_stay() -> None:
    found = Settings(workers=1, heavy_workers=7).effective()
    assert (found.workers, found.heavy_workers) == (1, 7)


# ------------------------------------------------------------------ the command


def test_the_settings_in_force_are_shown_as_a_file(tmp_path: Path) -> None:
    given = ("--port", "80", "--no-default-prefixes", "--allow-service", "http://a/")
    done = serve("--show-config", *given)
    assert done.exit_code == 0
    assert load_settings({}, written(tmp_path, done.stdout)) == Settings(
        port=80, default_prefixes=False, allow_service=("http://a/",)
    ).effective()  # fmt: skip


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_flag_with_its_help(name: str) -> None:
    help_text = " ".join(serve("--help").stdout.split())
    assert flag_of(name) in help_text
    assert str(Settings.model_fields[name].description) in help_text


def test_flags_are_spelled_as_promised() -> None:
    flags = [flag for option in serve_command.command.params for flag in option.opts]
    flags += [flag for option in serve_command.command.params for flag in option.secondary_opts]
    assert {
        "--dataset", "--writable", "--no-default-prefixes", "--default-graph", "--allow-service",
        "--out", "--host", "--port", "--config", "--show-config",
    } <= set(flags)  # fmt: skip
    assert "--no-writable" not in flags


def test_repeatable_flags_add_up() -> None:
    given = [word for url in ("http://a/", "http://b/") for word in ("--allow-service", url)]
    shown = tomllib.loads(serve("--show-config", *given).stdout)
    assert shown["allow_service"] == ["http://a/", "http://b/"]
    repeatable = [name for name, field in Settings.model_fields.items() if is_repeatable(field)]
    assert repeatable == [
        "forwarded_allow_ips",
        "cors_origin",
        "allowed_host",
        "allow_service",
    ]


def test_wrong_settings_end_the_command_with_its_usage_code() -> None:
    done = serve("--port", "70000", "--default-graph", "both")
    assert done.exit_code == 2
    assert "--port is 70000" in done.stderr
    assert "--default-graph is both: input should be 'union' or 'strict'" in done.stderr


def test_an_unknown_flag_is_refused_by_name() -> None:
    done = serve("--prot", "80")
    assert done.exit_code == 2
    assert "--prot" in done.stderr


# ------------------------------------------------------------------ sites and hosts


@pytest.mark.parametrize("given", ["https://app.example.org", "HTTP://LOCALHOST:3000", "*", "none"])
def test_an_origin_is_taken_in_lower_case(given: str) -> None:
    assert load_settings({"cors_origin": [given]}).cors_origin == (given.lower(),)


@pytest.mark.parametrize(
    ("name", "given", "right"),
    [
        ("cors_origin", "https://app.example.org/", "https://app.example.org would be right"),
        ("cors_origin", "https://app.example.org/page", "https://app.example.org would be right"),
        ("cors_origin", "app.example.org", "https://app.example.org would be right"),
        ("cors_origin", "https://app.example.org:443", "https://app.example.org would be right"),
        ("cors_origin", "http://localhost:80", "http://localhost would be right"),
        ("cors_origin", "https://me@app.example.org", "https://app.example.org would be right"),
        ("cors_origin", "https://exämple.org", "https://xn--exmple-cua.org would be right"),
        ("cors_origin", "https://*.example.org", "* for all, or none would be right"),
        ("cors_origin", "htps://app.example.org", "* for all, or none would be right"),
        ("cors_origin", "null", "or * would be right"),
        ("cors_origin", ["*", "https://app.example.org"], "* stands for all sites"),
        ("cors_origin", ["https://app.example.org", "none"], "none stands for no site"),
        ("allowed_host", "https://example.org", "example.org would be right"),
        ("allowed_host", "example.org:8000", "example.org would be right"),
        ("allowed_host", "example.org/graph", "example.org would be right"),
        ("allowed_host", "example.org.", "example.org would be right"),
        ("allowed_host", "exämple.org", "xn--exmple-cua.org would be right"),
        ("allowed_host", "ex*mple.org", "*.example.org for all names below one"),
        ("allowed_host", ".example.org", "*.example.org for all names below one"),
        ("allowed_host", "*.10.0.0.1", "10.0.0.1 would be right"),
        ("allowed_host", ["*", "example.org"], "* stands for every host"),
    ],
)  # fmt: skip
def test_a_misspelt_origin_or_host_is_refused_with_what_would_be_right(
    name: str, given: str | list[str], right: str
) -> None:
    (problem,) = problems({name: given})
    assert problem.startswith(f"{flag_of(name)} is ")
    assert right in problem


def test_several_origins_stand_between_spaces_in_a_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMEGRAPH_CORS_ORIGIN", "https://a.example http://localhost:3000")
    found = load_settings({}).cors_origin
    assert found == ("https://a.example", "http://localhost:3000")


def test_what_is_public_is_open_unless_that_is_set() -> None:
    found = Settings().effective()
    assert (found.cors_origin, found.allowed_host) == (("*",), ("*",))


def test_what_takes_updates_is_closed_unless_that_is_set() -> None:
    found = Settings(
        writable=True, dataset=Path("d"), host="10.0.0.7", base_url="https://e.org:8443/g",
        allowed_host=("graph", "[::2]"),
    ).effective()  # fmt: skip
    assert found.cors_origin == ("none",)
    assert found.allowed_host == (
        "localhost", "127.0.0.1", "::1", "10.0.0.7", "e.org", "graph", "::2",
    )  # fmt: skip


def test_what_is_in_force_can_be_given_again(tmp_path: Path) -> None:
    shown = serve("--writable", "--dataset", "d", "--show-config").output
    again = load_settings({}, written(tmp_path, shown))
    assert again.effective() == again
    assert again.cors_origin == ("none",)


def test_the_releases_of_the_project_around_the_folder_are_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "studies" / "one").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "data" / "studies")
    shown = serve("--show-config")
    assert tomllib.loads(shown.stdout)["out"] == "../../build"
    assert f"the project is {tmp_path}." in shown.stderr
    assert tomllib.loads(serve("--show-config", "--out", "x").stdout)["out"] == "x"
