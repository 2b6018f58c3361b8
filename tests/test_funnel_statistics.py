"""Intervals and tests give the published figures, and a verdict says no more than they do."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.funnel.distributions import fisher, t_beyond, t_quantile
from reconcile.funnel.statistics import (
    Mean,
    Verdict,
    adjusted,
    compare_means,
    compare_rates,
    mean_of_sums,
    newcombe,
    rate,
    rates_differ,
    welch,
)


def rounded(*values, places=4):
    """Return figures with as many places as the publication prints."""
    return tuple(round(value, places) for value in values)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_rate_has_the_published_interval(count, of, low, high):
    """Newcombe 1998, Statistics in Medicine 17, p. 857, table I, method 3 (Wilson)."""
    one = rate(count, of)
    assert rounded(one.low, one.high) == (low, high)
    assert one.value == count / of


def coverage(p, n, inside):
    """Return how likely the interval of a rate holds the true one, exactly."""
    chances = [math.comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)]
    return sum(chance for x, chance in enumerate(chances) if inside(x))


def test_wilson_keeps_its_promise_where_the_textbook_interval_does_not():
    """Brown, Cai and DasGupta 2001, section 2: p 0.2 at n 30 and 98, p 0.5 at n 17 and 40."""

    def textbook(p, n):
        reach = [1.959964 * math.sqrt(x / n * (1 - x / n) / n) for x in range(n + 1)]
        return coverage(p, n, lambda x: abs(x / n - p) <= reach[x])

    printed = [(0.2, 30, 0.946), (0.2, 98, 0.928), (0.5, 17, 0.951), (0.5, 40, 0.919)]
    assert [round(textbook(p, n), 3) for p, n, _ in printed] == [figure for *_, figure in printed]
    ours = [rate(x, 50) for x in range(51)]
    held = [
        coverage(p / 200, 50, lambda x, p=p: ours[x].low <= p / 200 <= ours[x].high)
        for p in range(4, 197)
    ]
    assert 0.945 < sum(held) / len(held) < 0.96
    assert min(held) > 0.91


@given(st.integers(0, 400), st.integers(1, 400))
def test_an_interval_lies_around_its_rate_and_within_nothing_and_all(count, of):
    one = rate(min(count, of), of)
    assert 0 <= one.low <= one.value <= one.high <= 1


def test_a_rate_of_nobody_is_no_rate():
    """0 % would be false, and more than all is a mistake of the caller."""
    assert rate(0, 0).value is None
    with pytest.raises(ValueError, match="5 of 4 is no share"):
        rate(5, 4)


@pytest.mark.parametrize(
    ("this", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_a_difference_has_the_published_interval(this, other, low, high):
    """Newcombe 1998, Statistics in Medicine 17, p. 873, table II, method 10."""
    assert rounded(*newcombe(rate(*this), rate(*other))) == (low, high)


@given(st.integers(0, 50), st.integers(0, 80))
def test_swapping_two_rates_turns_the_difference_round(count, other):
    """The interval is mirrored, the chance is the same."""
    this, that = rate(count, 50), rate(other, 80)
    low, high = newcombe(this, that)
    assert newcombe(that, this) == pytest.approx((-high, -low))
    assert rates_differ(this, that) == pytest.approx(rates_differ(that, this))


@pytest.mark.parametrize(
    ("this", "other", "p"),
    [
        ((56, 70), (48, 80), 0.00804508136819656),
        ((120, 1000), (90, 1000), 0.028650240398448473),
        ((200, 500), (260, 500), 0.00014069974102523238),
    ],
)
def test_the_chance_of_a_difference_is_that_of_statsmodels(this, other, p):
    """`test_proportions_2indep(.., method="score", correction=False)` of statsmodels 0.15.0."""
    assert rates_differ(rate(*this), rate(*other)) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ((3, 4, 1, 4), 0.48571428571428565),  # the lady tasting tea
        ((8, 10, 1, 6), 0.034965034965034975),
        ((1, 30, 0, 3000), 0.009900990099009901),
        ((2, 1000, 11, 1000), 0.022043359950116075),
    ],
)
def test_small_tables_are_tested_exactly(table, p):
    """`fisher_exact` of scipy 1.17.1; the first is Fisher's own."""
    assert fisher(*table) == pytest.approx(p, rel=1e-9)


def test_one_sale_of_a_small_source_is_no_proof():
    """Chi-squared would say p = 1e-23 here, and the source would lead every list."""
    assert rates_differ(rate(1, 30), rate(0, 3000)) == pytest.approx(1 / 101)
    assert rates_differ(rate(0, 30), rate(0, 40)) == 1
    assert rates_differ(rate(30, 30), rate(40, 40)) == 1


@pytest.mark.parametrize(
    ("freedom", "quantile", "beyond"),
    [
        (1, 12.706204736174694, 0.26109517417724554),
        (9.9, 2.2311933388707637, 0.04450259597092083),
        (29, 2.045229642132703, 0.02883723241765407),
        (5000, 1.9604385517065073, 0.021489212640444337),
        (1e9, 1.959963984540054, 0.021448220041),
    ],
)
def test_students_distribution_is_that_of_scipy(freedom, quantile, beyond):
    """`t.ppf(0.975)` and `2 * t.sf(2.3)` of scipy 1.17.1."""
    assert t_quantile(0.95, freedom) == pytest.approx(quantile, rel=1e-8)
    assert t_beyond(2.3, freedom) == pytest.approx(beyond, rel=1e-8)
    assert t_beyond(0, freedom) == 1


def test_adjusted_chances_find_the_published_four():
    """Benjamini and Hochberg 1995, section 3.3: 15 tests, the first four are discoveries."""
    printed = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    printed += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    answer = adjusted(printed)
    assert [p <= 0.05 for p in answer] == [True] * 4 + [False] * 11
    assert answer[3] == pytest.approx(0.0095 * 15 / 4)
    assert adjusted(printed[::-1]) == answer[::-1]
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusting_keeps_the_order_and_only_raises(values):
    answer = adjusted(values)
    assert all(before <= after <= 1 for before, after in zip(values, answer, strict=True))
    pairs = sorted(zip(values, answer, strict=True))
    assert [after for _, after in pairs] == sorted(answer)


def group(leads, mean, variance):
    """Return money per lead of which every lead pays."""
    return Mean(leads, Decimal(mean), Decimal(variance), leads)


@pytest.mark.parametrize(
    ("this", "other", "p", "low", "high"),
    [
        ((15, "20.8", "7.9"), (15, "23.0", "3.8"), 0.0197560244704703, "-4.0192", "-0.3808"),
        ((10, "20.6", "9.0"), (20, "22.1", "0.9"), 0.1541255195640466, "-3.6686", "0.6686"),
        ((10, "19.4", "1.4"), (20, "21.6", "17.1"), 0.03709319341745862, "-4.2572", "-0.1428"),
    ],
)
def test_means_are_compared_as_welch_does(this, other, p, low, high):
    """Means and variances of three usual worked examples; p of scipy's `ttest_ind_from_stats`."""
    answer = welch(group(*this), group(*other))
    assert answer[:2] == (Decimal(low), Decimal(high))
    assert answer[2] == pytest.approx(p, rel=1e-6)


def test_money_per_lead_is_exact():
    """A float would lose the last digits of the sum, and the spread with them."""
    amounts = [Decimal("12345678901234.1234"), Decimal("12345678901234.1238")]
    with localcontext(prec=50):
        squares = sum(amount**2 for amount in amounts)
        one = mean_of_sums(2, sum(amounts), squares, 2)
    assert one == Mean(2, Decimal("12345678901234.1236"), Decimal("0.00000008"), 2)
    assert mean_of_sums(0, Decimal(0), Decimal(0), 0).mean is None
    assert mean_of_sums(1, Decimal(5), Decimal(25), 1).variance is None
    with pytest.raises(ValueError, match="fewer than two leads"):
        welch(mean_of_sums(1, Decimal(5), Decimal(25), 1), group(40, "1", "1"))


def test_sides_that_do_not_vary_differ_for_certain_or_not_at_all():
    """A flat payout has no spread to divide by."""
    assert welch(group(40, "5", "0"), group(40, "4", "0"))[2] == 0
    assert welch(group(40, "5", "0"), group(40, "5", "0"))[2] == 1


def test_a_comparison_says_what_it_found_in_words():
    """Higher, lower, not shown, and too few to say, with the figures that they stand on."""
    found = compare_rates(
        [
            ("google", rate(120, 1000), rate(60, 1000)),
            ("bing", rate(60, 1000), rate(120, 1000)),
            ("tiktok", rate(61, 1000), rate(60, 1000)),
            ("mail", rate(29, 29), rate(0, 1000)),
        ]
    )
    assert [one.verdict for one in found] == ["higher", "lower", "unproven", "too_few"]
    assert found[0].text == (
        "12.0 % (120 of 1,000) against 6.0 % (60 of 1,000): +6.0 points (+3.5 to +8.5), "
        "higher, p below 0.001."
    )
    assert found[2].text.endswith("no difference shown, p 0.925.")
    assert found[3].text == (
        "100.0 % (29 of 29) against 0.0 % (0 of 1,000): too few entries to compare."
    )


def test_many_comparisons_need_a_stronger_proof_each():
    """The same two rates differ alone, and no longer among forty others; too few count not."""
    doubtful = ("google", rate(120, 1000), rate(90, 1000))
    same = ("x", rate(90, 1000), rate(90, 1000))
    few = ("few", rate(1, 10), rate(9, 10))
    assert compare_rates([doubtful, *[few] * 40])[0].verdict == Verdict.HIGHER
    among = compare_rates([doubtful, *[same] * 40])[0]
    assert among.verdict == Verdict.UNPROVEN
    assert among.low > 0
    assert among.p_adjusted > 0.05 > among.p


def test_no_verdict_is_given_whose_interval_holds_no_difference():
    """Test and interval rest on different formulas; only what both say is said."""
    pairs = [(rate(a, 100), rate(b, 100)) for a in range(101) for b in (10, 50, 90)]
    found = [compare_rates([("", *pair)])[0] for pair in pairs]
    assert {one.verdict for one in found} == {"higher", "lower", "unproven"}
    told = [one for one in found if one.verdict != Verdict.UNPROVEN]
    assert all(one.low * one.high > 0 and one.p_adjusted <= 0.05 for one in told)
    # Of 97 against 90 in a hundred p alone would have called the first higher.
    apart = compare_rates([("", rate(97, 100), rate(90, 100))])[0]
    assert apart.p < 0.05
    assert apart.low < 0
    assert apart.verdict == Verdict.UNPROVEN


def test_money_per_lead_is_compared_where_enough_leads_pay():
    """A source with nine sales is not compared, whatever they brought."""
    rich = Mean(500, Decimal("4.10"), Decimal("90"), 60)
    poor = Mean(500, Decimal("2.00"), Decimal("60"), 40)
    nine = Mean(500, Decimal("9.00"), Decimal("900"), 9)
    (more, few) = compare_means([("a", rich, poor), ("b", nine, poor)])
    assert more.verdict == Verdict.HIGHER
    assert more.difference == Decimal("2.1000")
    assert more.text == (
        "4.10 per lead (500 leads) against 2.00 per lead (500 leads): +2.10 (+1.03 to +3.17), "
        "higher, p below 0.001."
    )
    assert few.verdict == Verdict.TOO_FEW
    assert few.text.endswith("too few leads with revenue to compare.")
