"""Bearer tokens: made by a command, kept as hashes."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smegraph.cli.token import token
from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.dataset.errors import NoSuchToken, TokensUnreadable


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(token, [str(argument) for argument in arguments])


# ------------------------------------------------------------------------------- the command


def test_a_token_is_printed_alone_on_a_line(tmp_path: Path) -> None:
    made = run("--dataset", tmp_path / "new" / "folder", "--scope", "update")
    assert made.exit_code == 0
    assert made.stdout.startswith("smegraph_")
    assert len(made.stdout.strip()) > 43  # 256 bits in base 64, and the prefix
    assert made.stdout == made.stdout.strip() + "\n"


def test_two_tokens_are_never_the_same(tmp_path: Path) -> None:
    made = {run("--dataset", tmp_path, "--scope", "update").stdout for _ in range(3)}
    assert len(made) == 3


def test_the_dataset_keeps_the_hash_and_not_the_token(tmp_path: Path) -> None:
    made = run("--dataset", tmp_path, "--scope", "update").stdout.strip()
    kept = (tmp_path / "tokens.json").read_text()
    assert made not in kept
    assert made.removeprefix("smegraph_") not in kept
    assert TokenFile(tmp_path).find(made) is not None


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    run("--dataset", tmp_path, "--scope", "update")
    assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600


def test_there_is_no_list_of_a_dataset_that_is_not_there(tmp_path: Path) -> None:
    done = run("list", "--dataset", tmp_path / "typo")
    assert done.exit_code == 2
    assert "There is no folder" in done.output


def test_the_list_shows_everything_but_the_token(tmp_path: Path) -> None:
    scopes = ("--scope", "graph-store", "--scope", "update")
    made = run("--dataset", tmp_path, *scopes, "--label", "nightly").stdout.strip()
    listed = run("list", "--dataset", tmp_path).stdout
    identifier, permitted, created, label = listed.rstrip("\n").split("\t")
    assert permitted == "graph-store,update"
    assert label == "nightly"
    assert created.endswith("+00:00")
    assert identifier not in made
    assert made not in listed


def test_a_revoked_token_is_gone_and_the_others_stay(tmp_path: Path) -> None:
    first, second = (TokenFile(tmp_path).create(["update"]) for _ in range(2))
    stored = TokenFile(tmp_path).find(first)
    assert stored is not None
    assert run("revoke", "--dataset", tmp_path, stored.id).exit_code == 0
    assert TokenFile(tmp_path).find(first) is None
    assert TokenFile(tmp_path).find(second) is not None


def test_revoking_what_is_no_token_is_an_error_that_names_those_there_are(tmp_path: Path) -> None:
    TokenFile(tmp_path).create(["update"])
    (known,) = TokenFile(tmp_path).tokens()
    with pytest.raises(NoSuchToken, match=known.id):
        TokenFile(tmp_path).revoke("0000")


def test_a_scope_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    made = run("--dataset", tmp_path, "--scope", "everything")
    assert made.exit_code == 2
    assert "'everything' is not one of 'update', 'graph-store'" in made.output


@pytest.mark.parametrize("missing", ["--dataset", "--scope"])
def test_what_a_token_needs_is_asked_for(tmp_path: Path, missing: str) -> None:
    options = {"--dataset": str(tmp_path), "--scope": "update"}
    del options[missing]
    made = run(*(part for pair in options.items() for part in pair))
    assert made.exit_code == 2
    assert f"Missing option '{missing}'" in made.output


def test_commands_at_the_same_time_lose_no_token(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from smegraph.server.dataset.access_tokens import TokenFile\n"
        "for _ in range(20): print(TokenFile(Path(sys.argv[1])).create(['update']))"
    )

    def make(_: int) -> list[str]:
        command = [sys.executable, "-c", code, str(tmp_path)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    with ThreadPoolExecutor(2) as pool:
        made = [token for tokens in pool.map(make, range(2)) for token in tokens]
    assert len(TokenFile(tmp_path).tokens()) == 40
    assert all(TokenFile(tmp_path).find(token) for token in made)
    assert not list(tmp_path.glob(".tokens-*"))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"version": 2, "tokens": []}',
        '{"version": 1, "tokens": [{"id": "a"}]}',
        '{"version": 1, "tokens": [{"id": "a", "sha256": "b", "scopes": ["all"], "label": "", '
        '"created": ""}]}',
    ],
)
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokens.json").write_text(content)
    with pytest.raises(TokensUnreadable, match=r"tokens\.json cannot be read .*Put back a copy"):
        TokenFile(tmp_path).tokens()


def test_a_damaged_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{")
    with pytest.raises(TokensUnreadable):
        TokenFile(tmp_path).create(["update"])
    assert (tmp_path / "tokens.json").read_text() == "{"
