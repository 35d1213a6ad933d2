"""Spans of sample numbers are sets of integers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mesokwant.store import spans

any_spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda s: (s[0], s[0] + s[1])), max_size=6
)
quick = settings(max_examples=200)


@quick
@given(any_spans, any_spans, st.integers(0, 40))
def test_spans_are_sets(one, other, number):
    a, b = spans.union(one), spans.union(other)
    members, others = set(spans.numbers(a)), set(spans.numbers(b))
    assert members == {n for start, stop in one for n in range(start, stop)}
    assert spans.difference(a, b) == spans.union(spans.difference(a, b))
    assert set(spans.numbers(spans.difference(a, b))) == members - others
    assert spans.size(a) == len(members)
    assert spans.array(a).tolist() == sorted(members)
    first, rest = spans.split(a, number)
    assert list(spans.numbers(first)) == sorted(members)[:number]
    assert list(spans.numbers(rest)) == sorted(members)[number:]
