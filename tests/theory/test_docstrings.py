"""Every public function of the theory says what it takes and gives, with units and references."""

import inspect

import pytest

from mesokwant import theory

FUNCTIONS = [name for name in theory.__all__ if inspect.isfunction(getattr(theory, name))]
SECTIONS = ["Parameters", "Returns", "References", "Examples"]
UNITS = [
    "e²/h",
    "1/t",
    "in t",
    "lattice constant",
    "the unit of",
    "per unit of",
    "per site",
    "number of",
    "pure number",
    "between 0 and 1",
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_has_every_section_in_order(name):
    function = getattr(theory, name)
    text = inspect.getdoc(function)
    places = [text.index(f"\n{section}\n{'-' * len(section)}\n") for section in SECTIONS]
    assert places == sorted(places)
    parameters, returns, _, examples = (text[place:] for place in places)
    for parameter in inspect.signature(function).parameters:
        assert parameter in parameters[: len(parameters) - len(returns)]
    assert any(unit in returns.split("\n\n")[0] for unit in UNITS)
    assert "\n>>> " in examples


def test_no_two_names_are_made_of_the_same_words():
    words = [tuple(sorted(name.split("_"))) for name in theory.__all__]
    assert len(set(words)) == len(words)
