"""SIMD instructions for numba: one number per sample in the lanes of one register.

LLVM does not vectorize short loops over samples by itself. The kernels therefore use these
primitives, which LLVM turns into single instructions (AVX-512 for 8 lanes; it splits them for
narrower registers). They run in compiled code alone. Arrays are flat, and an index counts
float64 elements.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

LANES = 8 if binding.get_host_cpu_features().get("avx512f") else 4
"""How many samples are eliminated at once."""

_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_SUFFIX = f"v{LANES}f64"


class _VectorType(types.Type):
    def __init__(self) -> None:
        super().__init__(name=f"Lanes{LANES}")


lanes = _VectorType()


@register_model(_VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)


def _pointer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, args[0])
    return builder.bitcast(builder.gep(array.data, [args[1]]), _VECTOR.as_pointer())


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
        vector = ir.Constant(_VECTOR, ir.Undefined)
        for lane in range(LANES):
            place = ir.Constant(ir.IntType(32), lane)
            vector = builder.insert_element(vector, args[0], place)
        return vector

    return lanes(types.float64), generate


def _operation(name: str) -> Any:
    @intrinsic
    def operation(typing_context: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, name)(*args)

        return lanes(lanes, lanes), generate

    return operation


add, sub, mul, div = map(_operation, ("fadd", "fsub", "fmul", "fdiv"))


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
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.{_SUFFIX}")
        return builder.call(function, args)

    return lanes(lanes, lanes, lanes), generate


@intrinsic
def larger(typing_context: Any, a: Any, b: Any) -> Any:
    """Take the maximum of a and |b|, lane by lane; a NaN in b is ignored."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(_VECTOR, [_VECTOR])
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fabs.{_SUFFIX}")
        size = builder.call(function, [args[1]])
        return builder.select(builder.fcmp_ordered(">", size, args[0]), size, args[0])

    return lanes(lanes, lanes), generate
