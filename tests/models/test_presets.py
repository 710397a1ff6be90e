"""Presets: what a person may write, and what a mistake in one says."""

from pathlib import Path

import pytest

from data.errors import BadInput
from data.settings import Recipe, load_settings
from models.preset import Preset, Source, load_preset, preset_names, settled

MINIMAL = 'name = "mine"\n[source]\ngguf = "model.gguf"\n'


def test_every_preset_of_the_project_loads() -> None:
    assert set(preset_names()) >= {"smollm2-135m", "qwen3-4b-instruct", "qwen3-8b", "gemma-3-4b-it"}
    for name in preset_names():
        assert load_preset(name).name == name


def test_the_default_preset_needs_no_gpu_and_avoids_a_four_bit_grid() -> None:
    preset = load_preset("smollm2-135m")
    assert preset.vram_gb == 0
    assert preset.quants == ("Q8_0",)


def test_a_copied_preset_keeps_paths_relative_to_itself(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    (tmp_path / "mine.toml").write_text(MINIMAL)
    preset = load_preset(tmp_path / "mine.toml")
    assert preset.source.gguf == str(tmp_path / "model.gguf")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (MINIMAL + 'quantz = "Q8_0"\n', "source.quantz"),
        ('colour = "red"\n' + MINIMAL, "colour"),
        (MINIMAL + 'hf = "a/b"\n', "exactly one"),
        ('name = "Has Spaces"\n[source]\ngguf = "x.gguf"\n', "name"),
        ("name = \n", "not valid TOML"),
        ('neurons = 8\nname = "x"\n[source]\nhf = "a/b"\n', "neurons = 0"),
        (MINIMAL + "[train]\nrank = 0\n", "train.rank"),
        (MINIMAL + "[train]\nrate_of_learning = 1\n", "train.rate_of_learning"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        load_preset(path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


def _mine(folder: Path) -> Path:
    path = folder / "mine.toml"
    path.write_text('quants = ["Q4_K_M", "Q6_K"]\n' + MINIMAL + "[train]\nrate = 2e-4\npasses = 5\n")
    return path


def test_what_a_preset_says_is_what_a_recipe_starts_from(tmp_path: Path) -> None:
    recipe = settled(Recipe(preset=str(_mine(tmp_path))))
    assert (recipe.train.rate, recipe.train.passes) == (2e-4, 5)
    assert recipe.publish.quants == ("Q4_K_M", "Q6_K")
    assert recipe.train.rank == Recipe().train.rank, "what neither says stays at its default"
    assert settled(recipe) == recipe, "settling twice changes nothing"


def test_what_a_person_sets_wins_over_the_preset(tmp_path: Path) -> None:
    said = load_settings(
        {
            "NOCTURNE_HOME": str(tmp_path),
            "NOCTURNE_RECIPE__PRESET": str(_mine(tmp_path)),
            "NOCTURNE_RECIPE__TRAIN__RATE": "0.001",
            "NOCTURNE_RECIPE__PUBLISH__QUANTS": '["Q8_0"]',
        }
    ).recipe
    recipe = settled(said)
    assert recipe.train.rate == 0.001, "even where it is the default"
    assert recipe.train.passes == 5
    assert recipe.publish.quants == ("Q8_0",)


def test_the_default_recipe_is_settled_already() -> None:
    assert settled(Recipe()).digest == Recipe().digest


@pytest.mark.parametrize("name", ["qwen3-4b-instruct", "qwen3-8b"])
def test_a_card_preset_learns_gentler_than_the_small_model(name: str) -> None:
    recipe = settled(Recipe(preset=name))
    assert recipe.train.rate <= 2e-4 < Recipe().train.rate
    assert recipe.train.load_in_4bit and recipe.publish.quants[0] == "Q4_K_M"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadInput, match="smollm2-135m"):
        load_preset("smollm3")


def test_a_missing_preset_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"absent\.toml"):
        load_preset(tmp_path / "absent.toml")


def test_a_local_directory_brings_its_own_template(tmp_path: Path) -> None:
    folder = tmp_path / "My Model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "base-f16.gguf").write_bytes(b"GGUF")
    preset = load_preset(folder)
    assert preset.name == "my-model"
    assert preset.source == Source(hf=str(folder), template=str(folder / "base-f16.gguf"))


def test_a_directory_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"config\.json"):
        load_preset(tmp_path)


def test_a_hub_id_is_taken_as_it_is() -> None:
    assert load_preset("Owner/Some-Model").source == Source(hf="Owner/Some-Model")


def test_a_preset_cannot_be_changed() -> None:
    preset = Preset(name="x", source=Source(hf="a/b"))
    with pytest.raises(ValueError, match="frozen"):
        preset.name = "y"  # type: ignore[misc]
