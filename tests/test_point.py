"""A point is one value, whatever the order and type of its numbers."""

import pickle

import pytest

from mesokwant.point import Point


def test_equal_points_are_one_key():
    point = Point(length=3, energy=-0.7)
    same = Point([("energy", -0.7), ("length", 3.0)])
    assert {point: "here"}[same] == "here"
    assert point == {"length": 3, "energy": -0.7}
    assert point != Point(length=4, energy=-0.7)
    assert list(point) == ["length", "energy"]


def test_a_point_does_not_change():
    point = Point(length=3)
    with pytest.raises(TypeError):
        point["length"] = 4


def test_a_point_travels():
    point = Point({"anderson.strength": 1.5}, length=3)
    assert pickle.loads(pickle.dumps(point)) == point
    assert str(point) == "anderson.strength=1.5, length=3"
