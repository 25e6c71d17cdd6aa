"""Skill against numbers worked out by hand."""

import numpy as np
import pytest

from lisse.validation import load_section
from lisse.validation.results import Result
from lisse.validation.skill import (
    best_constant,
    errors,
    leave_one_out_group_mean,
    leave_one_out_regression,
    nickel_share,
    rank_correlation,
    section_skill,
)


def test_best_constant_minimises_the_median_not_the_mean():
    # 10 lies 90 away from the rest: at 101 the errors are 91, 1, 0, 1, 99, median 1.
    assert best_constant(np.array([10.0, 100.0, 101.0, 102.0, 200.0])) == 101.0


def test_best_constant_may_lie_between_two_numbers():
    # Of 0, 4, 100, 200 the middle two errors average least at 2: errors 2, 2, 98, 198, median 50;
    # at 50 they are 50, 46, 50, 150, median 50; half-way between 4 and 100 they are 52, 48, 48, 148, median 50.
    values = np.array([0.0, 4.0, 100.0, 200.0])
    found = best_constant(values)
    fine = np.linspace(-50, 250, 30001)
    assert np.median(np.abs(found - values)) <= np.median(np.abs(fine[:, None] - values), axis=1).min() + 1e-9


def test_table1_constants():
    """145 mAh/g has a median error near 22 (issue 2); 160 has 16, by sorting the 24 errors by hand."""
    published = np.array([target.published for target in load_section("table1").targets if not target.secondary])
    assert best_constant(published) == 160.0
    assert np.median(np.abs(published - 160)) == pytest.approx(16.0)
    assert np.median(np.abs(published - 145)) == pytest.approx(22, abs=1.5)


def test_rank_correlation_shares_ranks_between_ties():
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5 over sqrt(4.5 * 5) = 0.9487.
    assert rank_correlation(np.array([1.0, 5, 5, 9]), np.array([1.0, 2, 3, 4])) == pytest.approx(0.948683, abs=1e-6)
    assert rank_correlation(np.array([3.0, 2, 1]), np.array([1.0, 2, 3])) == -1.0
    assert rank_correlation(np.full(3, 7.0), np.array([1.0, 2, 3])) is None


def test_errors_by_hand():
    found = errors(np.array([110.0, 90.0, 130.0]), np.array([100.0, 100.0, 100.0]))
    assert found == {
        "median_absolute_error": 10.0,
        "largest_absolute_error": 30.0,
        "mean_signed_error": 10.0,
        "rank_correlation": None,
    }


def test_regression_leaves_the_judged_row_out():
    # y = 2 x + 1 but for the last row, which the line through the others puts at 9.
    predicted = leave_one_out_regression(np.array([[0.0], [1.0], [2.0], [4.0]]), np.array([1.0, 3.0, 5.0, 100.0]))
    assert predicted[3] == pytest.approx(9.0)
    assert predicted[0] != pytest.approx(1.0)


def test_group_mean_leaves_the_judged_row_out():
    published = np.array([100.0, 120.0, 140.0, 60.0])
    predicted = leave_one_out_group_mean(["NCA", "NCA", "NCA", "NMC111"], published)
    # The lone NMC111 gets the mean of all others.
    assert predicted == pytest.approx([130.0, 120.0, 110.0, 120.0])


@pytest.mark.parametrize(
    ("name", "share"), [("NMC111", 1 / 3), ("NMC532", 0.5), ("NMC622", 0.6), ("NMC711", 0.7), ("NMC811", 0.8)]
)
def test_nickel_share(name, share):
    assert nickel_share(name) == pytest.approx(share)


def test_section_skill_counts_assumptions_and_missing_values():
    targets = [target for target in load_section("table1").targets if not target.secondary]
    results = [Result(target, target.published + 5) for target in targets[:-1]] + [Result(targets[-1], None)]
    skill = section_skill(results, {"median": 20, "largest": 45})
    assert skill["simulation"]["median_absolute_error"] == pytest.approx(5.0)
    assert skill["simulation"]["largest_absolute_error"] == pytest.approx(119.2)  # row 70 counts as zero
    assert skill["without_value"] == ["table1.70"]
    assert skill["goal"] == {"median": {"limit": 20, "holds": True}, "largest": {"limit": 45, "holds": False}}
    assert skill["assumed_fields"]["table1-60-lps-nmc811"] == 9
    assert len(skill["assumed_fields"]) == 24
