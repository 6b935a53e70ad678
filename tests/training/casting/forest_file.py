"""LightGBM's trees as the arrays that dotsbook.casting.tree_model evaluates."""

import numpy as np


def arrays(boosters: list) -> dict[str, np.ndarray]:
    """The trees of all boosters as one forest, whose sum is the mean of theirs."""
    feature, threshold, left, right, value, roots, depths = [], [], [], [], [], [], []

    def add(node: dict, depth: int) -> tuple[int, int]:
        at = len(feature)
        for column in (feature, threshold, left, right, value):
            column.append(0)
        if "leaf_value" in node:
            left[at] = right[at] = at
            value[at] = node["leaf_value"] / len(boosters)
            return at, depth
        feature[at], threshold[at] = node["split_feature"], node["threshold"]
        left[at], deep_left = add(node["left_child"], depth + 1)
        right[at], deep_right = add(node["right_child"], depth + 1)
        return at, max(deep_left, deep_right)

    for tree in (tree for booster in boosters for tree in booster.dump_model()["tree_info"]):
        root, depth = add(tree["tree_structure"], 0)
        roots.append(root)
        depths.append(depth)
    return {
        "feature": np.array(feature, np.int16),
        "threshold": np.array(threshold, np.float32),
        "left": np.array(left, np.int32),
        "right": np.array(right, np.int32),
        "value": np.array(value, np.float32),
        "roots": np.array(roots, np.int32),
        "depth": np.array(depths, np.int16),
    }
