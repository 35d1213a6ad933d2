"""SIMD instructions for numba: one number per sample in the lanes of one register.

LLVM does not vectorize short loops over samples by itself. The kernels therefore use these
primitives, which LLVM turns into single instructions. They run in compiled code alone. Arrays are
flat, of float64 or complex128, and an index counts float64 numbers.
"""

from __future__ import annotations

import os
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model


def _has_avx512() -> bool:
    """Whether numba compiles for AVX-512; the environment may forbid it that."""
    allowed = os.environ.get("NUMBA_CPU_FEATURES")
    if allowed is not None:
        return "+avx512f" in allowed.split(",")
    return bool(binding.get_host_cpu_features().get("avx512f"))


LANES = 8 if _has_avx512() else 4
"""How many samples are eliminated at once."""

VECTOR = ir.VectorType(ir.DoubleType(), LANES)
"""LLVM's type of one number per sample."""

_SUFFIX = f"v{LANES}f64"


class _VectorType(types.Type):
    def __init__(self) -> None:
        super().__init__(name=f"Lanes{LANES}")


lanes = _VectorType()


@register_model(_VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR)


def _pointer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    numbers = builder.bitcast(data, ir.DoubleType().as_pointer())
    return builder.bitcast(builder.gep(numbers, [args[1]]), VECTOR.as_pointer())


@intrinsic
def load(typing_context: Any, array: Any, index: Any) -> Any:
    """Load ``array[index : index + LANES]``."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = builder.load(_pointer(context, builder, signature, args))
        value.align = 8
        return value

    return lanes(array, types.intp), generate


@intrinsic
def store(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Set ``array[index : index + LANES] = value``."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _pointer(context, builder, signature, args)).align = 8
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), generate


@intrinsic
def spread(typing_context: Any, value: Any) -> Any:
    """Put one number into all lanes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = ir.Constant(VECTOR, ir.Undefined)
        for lane in range(LANES):
            place = ir.Constant(ir.IntType(32), lane)
            vector = builder.insert_element(vector, args[0], place)
        return vector

    return lanes(types.float64), generate


def multiply_add(builder: Any) -> Any:
    """The function with which code computes a * b + c, fused where the processor can."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.{_SUFFIX}")
    return lambda *factors: builder.call(function, factors)


def absolute(builder: Any, value: Any) -> Any:
    """Code that computes |value|."""
    kind = ir.FunctionType(VECTOR, [VECTOR])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fabs.{_SUFFIX}")
    return builder.call(function, [value])


@intrinsic
def neg(typing_context: Any, a: Any) -> Any:
    """Compute -a."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fneg(args[0])

    return lanes(lanes), generate


@intrinsic
def fma(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """Compute a * b + c, fused where the processor can."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return multiply_add(builder)(*args)

    return lanes(lanes, lanes, lanes), generate
