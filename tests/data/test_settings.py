"""Settings: where values come from, what is refused and how, what stays secret, the home folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import BadInput
from data.night import Night
from data.settings import (
    CHECKOUT,
    Recipe,
    Settings,
    Train,
    child_environment,
    load_settings,
    prepare_environment,
)

KEY = "sk-do-not-show-this"


def load(tmp_path: Path, **variables: str) -> Settings:
    return load_settings(
        {"NOCTURNE_HOME": str(tmp_path), **{f"NOCTURNE_{k}": v for k, v in variables.items()}}
    )


def test_nothing_set_gives_a_private_loopback_installation(tmp_path: Path) -> None:
    settings = load_settings({})
    assert settings.home == CHECKOUT / "var"
    assert settings.serve.host == "127.0.0.1"
    assert settings.serve.api_key is None
    assert settings.zone == "UTC"


def test_the_last_word_wins_file_then_variable_then_argument(tmp_path: Path) -> None:
    (tmp_path / "nocturne.toml").write_text(
        'zone = "Europe/Berlin"\n[serve]\nport = 1111\nparallel = 2\n[recipe.train]\nrank = 4\n'
    )
    assert load(tmp_path).serve.port == 1111
    settings = load(tmp_path, SERVE__PORT="2222")
    assert (settings.serve.port, settings.serve.parallel) == (2222, 2)
    assert settings.recipe.train.rank == 4
    overridden = load_settings(
        {"NOCTURNE_HOME": str(tmp_path), "NOCTURNE_ZONE": "UTC"}, zone="America/New_York", recipe=Recipe()
    )
    assert overridden.zone == "America/New_York"
    assert overridden.recipe == Recipe()


def test_an_argument_chooses_the_home_whose_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "nocturne.toml").write_text("[serve]\nport = 1234\n")
    assert load_settings({"NOCTURNE_HOME": "/nowhere"}, home=tmp_path).serve.port == 1234


def test_variables_carry_lists_numbers_switches_and_words(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        RECIPE__PUBLISH__SCALES="[1.0, 0.5]",
        RECIPE__TRAIN__RANK="8",
        RECIPE__PUBLISH__APPROVAL="true",
        INGEST__SOURCES='[{"path": "~/chats", "format": "openai"}]',
        RECIPE__PERSONA="You are kind.",
    )
    assert settings.recipe.publish.scales == (1.0, 0.5)
    assert settings.recipe.train.rank == 8
    assert settings.recipe.publish.approval is True
    assert settings.ingest.sources[0].format == "openai"
    assert settings.recipe.persona == "You are kind."


def test_variables_of_other_programs_are_none_of_ours(tmp_path: Path) -> None:
    environ = {
        "NOCTURNE_HOME": str(tmp_path),
        "NOCTURNE_EVAL": "/somewhere",
        "PATH": "/bin",
        "XNOCTURNE_A": "1",
    }
    assert load_settings(environ).home == tmp_path


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("RNAK", "8", "rnak"),
        ("RECIPE__TRAIN__RNAK", "8", "recipe.train.rnak"),
        ("RECIPE__TRAIN__RANK", "0", "recipe.train.rank"),
        ("RECIPE__TRAIN__RANK", "many", "recipe.train.rank"),
        ("RECIPE__TRAIN__SAFE_PROBABILITY", "1.0", "recipe.train.safe_probability"),
        ("RECIPE__TRAIN__RATE", "NaN", "recipe.train.rate"),
        ("SERVE__PORT", "70000", "serve.port"),
        ("SERVE__NIGHT_AT", "25:00", "serve.night_at"),
        ("RECIPE__TRAIN__BACKEND", "jax", "recipe.train.backend"),
        ("RECIPE__GATES__RECALL_FLOOR", "1.5", "recipe.gates.recall_floor"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_and_by_variable(
    tmp_path: Path, variable: str, value: str, named: str
) -> None:
    with pytest.raises(BadInput) as refused:
        load(tmp_path, **{variable: value})
    assert f"Setting {named} " in str(refused.value)
    assert f"NOCTURNE_{variable}" in str(refused.value)


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        load(tmp_path, SERVE__PORT="-1", RECIPE__MIX__MAX_ROWS="1")
    assert "serve.port" in str(refused.value)
    assert "recipe.mix.max_rows" in str(refused.value)


def test_an_unknown_zone_is_refused_when_settings_load(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Unknown time zone 'Middle/Earth'"):
        load(tmp_path, ZONE="Middle/Earth")


@pytest.mark.parametrize(
    "content", [b"zone = ", b"[serve\nport = 1", b"\xff\xfe\x00", b'zone = "UTC"\nzone = "UTC"']
)
def test_a_broken_file_is_named_with_its_fault(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "nocturne.toml"
    file.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        load(tmp_path)
    assert str(file) in str(refused.value)
    assert "not valid TOML" in str(refused.value)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, SERVE__API_KEY=KEY)
    assert settings.serve.api_key is not None
    assert settings.serve.api_key.get_secret_value() == KEY
    shown = [repr(settings), str(settings), settings.model_dump_json(), f"{settings.serve!r}"]
    assert not [text for text in shown if KEY in text]


def test_a_key_is_not_shown_when_its_neighbour_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        load(tmp_path, SERVE__API_KEY=KEY, SERVE__API_KEYS=KEY, SERVE__PORT="x")
    assert KEY not in str(refused.value)
    assert KEY not in json.dumps(load(tmp_path).recipe.model_dump(mode="json"))


def test_settings_cannot_be_changed_once_loaded(tmp_path: Path) -> None:
    settings = load(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.recipe.train.rank = 2  # type: ignore[misc]


def test_the_recipes_digest_is_the_same_in_every_process_and_changes_with_every_part(tmp_path: Path) -> None:
    program = "from data.settings import Recipe; print(Recipe().digest)"
    others = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert others == {Recipe().digest}
    changed = Recipe(train=Train(rank=8))
    assert changed.digest != Recipe().digest
    assert Recipe.model_validate(changed.model_dump(mode="json")).digest == changed.digest
    assert load(tmp_path, SERVE__PORT="1").recipe.digest == Recipe().digest


def test_the_home_is_its_owners_alone(tmp_path: Path) -> None:
    settings = load_settings({}, home=tmp_path / "deep" / "home")
    old = os.umask(0)
    try:
        settings.ensure_home()
        settings.ensure_home()
    finally:
        os.umask(old)
    folders = [settings.home, settings.inbox, settings.models, settings.reports, settings.logs, settings.work]
    assert [oct(folder.stat().st_mode & 0o777) for folder in folders] == [oct(0o700)] * 6
    assert settings.night_work(Night.parse("2026-10-05", "UTC")).parent == settings.work


def test_a_home_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    load_settings({}, home=tmp_path).ensure_home()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(BadInput, match="NOCTURNE_HOME") as refused:
        load_settings({}, home=blocked).ensure_home()
    assert str(blocked) in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(BadInput, match="Permission denied"):
            load_settings({}, home=tmp_path / "home").ensure_home()
    finally:
        tmp_path.chmod(0o700)


def test_telemetry_is_off_before_any_library_could_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"]})
    prepare_environment(load_settings({}, home=tmp_path, zone="Europe/Berlin"))
    off = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
    }
    assert off.items() <= os.environ.items()
    assert os.environ["PREFECT_HOME"].startswith(str(tmp_path))
    assert load_settings().home == tmp_path
    assert load_settings().zone == "Europe/Berlin"


def test_what_a_person_has_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"PREFECT_HOME": "/mine", "HF_HUB_OFFLINE": "0"})
    prepare_environment(load_settings({}, home=tmp_path))
    assert os.environ["PREFECT_HOME"] == "/mine"
    assert os.environ["HF_HUB_OFFLINE"] == "0"


def test_a_child_sees_the_environment_with_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOCTURNE_MARK", "here")
    child = child_environment(EXTRA="1")
    assert child["NOCTURNE_MARK"] == "here"
    assert child["EXTRA"] == "1"
    assert child["PYTHONPATH"] == str(CHECKOUT)
    assert "EXTRA" not in os.environ


def test_a_home_below_the_persons_own_folder_has_its_file_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "nocturne").mkdir()
    (tmp_path / "nocturne" / "nocturne.toml").write_text("[serve]\nport = 1234\n")
    assert load_settings({"NOCTURNE_HOME": "~/nocturne"}).serve.port == 1234


def test_a_key_of_digits_is_a_key(tmp_path: Path) -> None:
    settings = load(tmp_path, SERVE__API_KEY="123456")
    assert settings.serve.api_key is not None
    assert settings.serve.api_key.get_secret_value() == "123456"


def test_a_section_given_as_one_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="serve"):
        load(tmp_path, SERVE="3", SERVE__PORT="1")
