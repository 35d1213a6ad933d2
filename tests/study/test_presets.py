"""Presets of a study: the options that they take from each other, and wrong ones."""

import dataclasses

import pytest

from tests.helpers.engine import small


def with_presets(**presets):
    return dataclasses.replace(small(), presets=presets)


def test_a_preset_has_the_options_of_the_one_that_it_is_like():
    full = {"seed": 3, "samples": 9}
    study = with_presets(full=full, repeat={"like": "full", "seed": 4}, third={"like": "repeat"})
    assert study.presets["repeat"] == study.presets["third"] == {"seed": 4, "samples": 9}
    assert study.with_preset("repeat") == study.with_options({"seed": 4, "samples": 9})
    assert study.presets["full"] == full


def test_presets_stay_the_same_when_the_study_is_replaced():
    study = with_presets(full={"samples": 9}, repeat={"like": "full", "seed": 4})
    assert dataclasses.replace(study, seed=8).presets == study.presets


@pytest.mark.parametrize("model", ["ful", "repeat", "later"])
def test_a_preset_is_like_one_that_stands_before_it_alone(model):
    with pytest.raises(ValueError, match=r"preset 'repeat' is like .* no preset before it"):
        with_presets(full={}, repeat={"like": model}, later={})


def test_a_preset_that_is_no_mapping_is_refused():
    with pytest.raises(TypeError, match="presets must map names to options"):
        with_presets(full=3)
