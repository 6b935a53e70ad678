import numpy as np

from dotsbook.casting.pair_features import COMMON, PAIR
from dotsbook.casting.second_look import SECOND
from dotsbook.casting.tree_model import Forest, shipped, softmax


def test_a_tree_leads_each_row_to_its_leaf():
    forest = Forest(
        np.array([1, 0, 0], np.int16),
        np.array([0.5, 0, 0], np.float32),
        np.array([1, 1, 2], np.int32),
        np.array([2, 1, 2], np.int32),
        np.array([0, -1, 2], np.float32),
        np.array([0], np.int32),
        np.array([1], np.int16),
    )
    assert forest.scores(np.array([[9, 0.5], [9, 0.6]], np.float32)).tolist() == [-1, 2]


def test_chances_sum_to_one_in_each_group():
    chance = softmax(np.array([1.0, 1.0, 5.0, 0.0, 0.0]), np.array([0, 2, 5]))
    assert chance[:2].tolist() == [0.5, 0.5] and abs(chance[2:].sum() - 1) < 1e-9 and chance[2] > 0.98


def test_the_shipped_trees_fit_the_features():
    model = shipped()
    assert model.first.feature.max() < COMMON + PAIR + 1
    assert model.second.feature.max() < COMMON + PAIR + 1 + SECOND
