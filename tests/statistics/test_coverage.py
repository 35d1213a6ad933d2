"""Error bars cover the truth as often as they say, or the estimate says that it is dominated."""

import pytest

from .coverage import FAST, FEW, SLOW, chain_cases, coverage

ALLOWED_SIGMA = 4


@pytest.mark.parametrize("name", FAST)
def test_error_bars_cover_the_truth(name):
    found = coverage(FAST[name], 100)
    assert found.farthest < ALLOWED_SIGMA and found.beyond_three <= 0.02, str(found)


@pytest.mark.parametrize("name", ["<ln g>", "<g>"])
@pytest.mark.parametrize("s", [4, 32])
def test_error_bars_of_a_chain_cover_the_truth_unless_the_mean_is_dominated(name, s):
    found = coverage(chain_cases(s)[f"{name}, chain, s = {s}"], 100)
    rare = name == "<g>" and s == 32
    assert (found.dominated > 0.9) == rare
    assert (found.farthest > ALLOWED_SIGMA) == rare, str(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_error_bars_cover_the_truth_in_many_repetitions(name):
    found = coverage(SLOW[name], 400, seed=1)
    assert found.farthest < ALLOWED_SIGMA and found.beyond_three <= 0.0125, str(found)


@pytest.mark.slow
@pytest.mark.parametrize("s", [4, 8, 16, 32])
def test_whatever_covers_too_little_in_a_chain_is_called_dominated(s):
    for name, case in chain_cases(s).items():
        found = coverage(case, 400, seed=1)
        honest = found.farthest < ALLOWED_SIGMA and found.beyond_three <= 0.0125
        assert honest or found.dominated > 0.9, f"{name}: {found}"


@pytest.mark.slow
def test_error_bar_of_the_variance_of_few_values_covers_little_less():
    found = coverage(FEW, 400, seed=1)
    assert found.within_one > 0.6 and found.within_two > 0.9, str(found)
