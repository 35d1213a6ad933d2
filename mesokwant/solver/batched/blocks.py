"""Arithmetic on blocks of fronts in registers, generated for the arithmetic and the processor.

An element of a front is `LANES` numbers, one per sample; in complex arithmetic, `LANES` real parts
and then `LANES` imaginary parts. Elements lie in flat arrays of float64 or complex128, whose type
decides on the arithmetic, and places in such an array count elements. A block is `PAD` x `PAD`
elements, row by row. Blocks that lie below each other follow one another, so that sums over pivots
read their factors in the order of memory.

The functions run in compiled code alone. They work on some columns of a block at once (`COLUMNS`),
whose sums LLVM keeps in registers. They emit its code, because it unrolls no such loops by itself.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .dissection import PAD
from .simd import LANES, VECTOR, absolute, multiply_add

COLUMNS = {1: 4, 2: 2}
"""How many columns of a block are computed at once in real (1) and complex (2) arithmetic.

Their sums take 16 registers. Where AVX2 has no more than these, factors are read from the cache,
which was measured to be faster (by a tenth) than half as many columns.
"""

Element = list[Any]
"""The real parts of an element and, in complex arithmetic, its imaginary parts."""

Block = list[list[Element]]
"""Some columns of a block, row by row."""


class _Code:
    """The code of one function that works on elements.

    Parameters
    ----------
    context, builder
        What numba passes to the generator of an intrinsic function.
    array
        Numba's type of an array of elements; it decides on the arithmetic.
    """

    def __init__(self, context: Any, builder: Any, array: Any) -> None:
        self.context, self.builder = context, builder
        self.planes = 2 if isinstance(array.dtype, types.Complex) else 1
        width = COLUMNS[self.planes]
        self.column_groups = [range(first, first + width) for first in range(0, PAD, width)]

    def start(self, array_type: Any, array: Any) -> Any:
        """The pointer to the first numbers of an array."""
        data = self.context.make_array(array_type)(self.context, self.builder, array).data
        return self.builder.bitcast(data, VECTOR.as_pointer())

    def element(self, array_type: Any, array: Any, place: Any) -> Any:
        """The pointer to the element at a place of an array."""
        return self.step(self.start(array_type, array), place)

    def step(self, pointer: Any, count: Any) -> Any:
        """The pointer to the element that lies ``count`` elements behind a pointer."""
        if isinstance(count, int):
            count = ir.Constant(ir.IntType(64), count)
        count = self.builder.mul(count, ir.Constant(count.type, self.planes))
        return self.builder.gep(pointer, [count])

    def load(self, pointer: Any, place: int = 0) -> Element:
        """The element that lies ``place`` elements behind a pointer."""
        return [self.get(part) for part in self._parts(pointer, place)]

    def store(self, value: Element, pointer: Any, place: int = 0) -> None:
        """Put an element ``place`` elements behind a pointer."""
        for part, where in zip(value, self._parts(pointer, place), strict=True):
            self.put(part, where)

    def _parts(self, pointer: Any, place: int) -> list[Any]:
        first = place * self.planes
        kind = ir.IntType(64)
        return [
            self.builder.gep(pointer, [ir.Constant(kind, first + plane)])
            for plane in range(self.planes)
        ]

    def get(self, pointer: Any) -> Any:
        """One number per sample; NumPy aligns arrays to single numbers alone."""
        value = self.builder.load(pointer)
        value.align = 8
        return value

    def put(self, value: Any, pointer: Any) -> None:
        """Store one number per sample."""
        self.builder.store(value, pointer).align = 8

    def add_product(self, total: Element, w: Element, f: Element) -> Element:
        """Compute total + w f."""
        fma = multiply_add(self.builder)
        if self.planes == 1:
            return [fma(w[0], f[0], total[0])]
        real, imaginary = fma(w[0], f[0], total[0]), fma(w[0], f[1], total[1])
        minus = self.builder.fneg(w[1])
        return [fma(minus, f[1], real), fma(w[1], f[0], imaginary)]

    def scaled(self, f: Element, factor: Any) -> tuple[Element, Any]:
        """Compute w = conj(f) * factor, for a real factor, and w f, which is real."""
        builder = self.builder
        w = [builder.fmul(f[0], factor)]
        term = builder.fmul(f[0], w[0])
        if self.planes == 2:
            w.append(builder.fneg(builder.fmul(f[1], factor)))
            term = multiply_add(builder)(builder.fneg(f[1]), w[1], term)
        return w, term

    def larger(self, largest: Any, term: Any) -> Any:
        """Take the maximum of ``largest`` and |term|, lane by lane; a NaN in term is ignored."""
        size = absolute(self.builder, term)
        return self.builder.select(self.builder.fcmp_ordered(">", size, largest), size, largest)

    def with_sums(self, block: Block, columns: range, w: Any, f: Any, count: Any) -> Block:
        """Add to some columns of a block the sums over k of w[k, row] f[k, column].

        ``w`` and ``f`` point to the first of ``count`` rows of `PAD` elements.
        """
        builder = self.builder
        # LLVM keeps the numbers in these slots in registers.
        slots = [
            [[cgutils.alloca_once_value(builder, part) for part in element] for element in row]
            for row in block
        ]
        with cgutils.for_range(builder, count) as loop:
            offset = builder.mul(loop.index, ir.Constant(loop.index.type, PAD))
            w_row, f_row = self.step(w, offset), self.step(f, offset)
            others = [self.load(f_row, column) for column in columns]
            for row, totals in enumerate(slots):
                factor = self.load(w_row, row)
                for total, other in zip(totals, others, strict=True):
                    old = [builder.load(part) for part in total]
                    new = self.add_product(old, factor, other)
                    for part, value in zip(total, new, strict=True):
                        builder.store(value, part)
        return [[[builder.load(part) for part in element] for element in row] for row in slots]


@intrinsic
def add_products(
    typing_context: Any,
    target: Any,
    t: Any,
    W: Any,
    w: Any,
    F: Any,
    f: Any,
    count: Any,
    fresh: Any,
) -> Any:
    """Add sums over pivots to a block: target[j, i] += sum over k of W[k, j] F[k, i].

    The block lies at ``t``, and the first of ``count`` rows of the factors at ``w`` and ``f``. If
    ``fresh``, the block counts as zero before.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code, kinds = _Code(context, builder, target), signature.args
        block, left, right = (code.element(kinds[n], args[n], args[n + 1]) for n in (0, 2, 4))
        zero = ir.Constant(VECTOR, None)
        for columns in code.column_groups:
            before = [
                [
                    [
                        builder.select(args[7], zero, part)
                        for part in code.load(block, row * PAD + i)
                    ]
                    for i in columns
                ]
                for row in range(PAD)
            ]
            after = code.with_sums(before, columns, left, right, args[6])
            for row, elements in enumerate(after):
                for i, element in zip(columns, elements, strict=True):
                    code.store(element, block, row * PAD + i)
        return context.get_dummy_value()

    return types.void(target, t, W, w, F, f, count, fresh), generate


@intrinsic
def finish_rows(
    typing_context: Any,
    F: Any,
    t: Any,
    f: Any,
    W: Any,
    w: Any,
    out: Any,
    diagonal: Any,
    count: Any,
    growth: Any,
) -> Any:
    """Finish a block of pivot rows right of the diagonal, and set W = -conj(F) / pivot.

    The block lies at ``t`` in F and at ``out`` in W. The sums over ``count`` pivots above it are
    added as in `add_products`. Its own pivots follow, for which W has at ``diagonal`` what
    `finish_diagonal` has put there.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code, kinds = _Code(context, builder, F), signature.args
        block, right = (code.element(kinds[0], args[0], place) for place in args[1:3])
        left, result, own = (code.element(kinds[3], args[3], place) for place in args[4:7])
        largest_at = code.start(kinds[8], args[8])
        for columns in code.column_groups:
            rows = [[code.load(block, row * PAD + i) for i in columns] for row in range(PAD)]
            rows = code.with_sums(rows, columns, left, right, args[7])
            largest = code.get(largest_at)
            for k in range(PAD):
                factor = code.load(own, k * PAD + k)[0]
                for i, element in zip(columns, rows[k], strict=True):
                    w_element, term = code.scaled(element, factor)
                    largest = code.larger(largest, term)
                    code.store(element, block, k * PAD + i)
                    code.store(w_element, result, k * PAD + i)
                for j in range(k + 1, PAD):
                    multiplier = code.load(own, k * PAD + j)
                    rows[j] = [
                        code.add_product(below, multiplier, element)
                        for below, element in zip(rows[j], rows[k], strict=True)
                    ]
            code.put(largest, largest_at)
        return context.get_dummy_value()

    return types.void(F, t, f, W, w, out, diagonal, count, growth), generate


@intrinsic
def finish_diagonal(typing_context: Any, F: Any, t: Any, W: Any, out: Any, growth: Any) -> Any:
    """Eliminate the pivots of the block at ``t`` on the diagonal, up to date but for these.

    W gets -conj(F) / pivot right of the diagonal, and -1 / pivot on it, at ``out``.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code, kinds = _Code(context, builder, F), signature.args
        block = code.element(kinds[0], args[0], args[1])
        result = code.element(kinds[2], args[2], args[3])
        largest_at = code.start(kinds[4], args[4])
        largest = code.get(largest_at)
        minus_one = ir.Constant(VECTOR, [-1.0] * LANES)
        upper = {(k, i): code.load(block, k * PAD + i) for k in range(PAD) for i in range(k, PAD)}
        for k in range(PAD):
            factor = builder.fdiv(minus_one, upper[k, k][0])
            code.store([factor] * code.planes, result, k * PAD + k)
            for j in range(k + 1, PAD):
                multiplier, term = code.scaled(upper[k, j], factor)
                largest = code.larger(largest, term)
                code.store(multiplier, result, k * PAD + j)
                for i in range(j, PAD):
                    upper[j, i] = code.add_product(upper[j, i], multiplier, upper[k, i])
        code.put(largest, largest_at)
        return context.get_dummy_value()

    return types.void(F, t, W, out, growth), generate


@intrinsic
def accumulate(typing_context: Any, target: Any, t: Any, source: Any, s: Any) -> Any:
    """Add the element at ``s`` of one array to that at ``t`` of another."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code, kinds = _Code(context, builder, target), signature.args
        to = code.element(kinds[0], args[0], args[1])
        added = code.load(code.element(kinds[2], args[2], args[3]))
        total = [builder.fadd(old, new) for old, new in zip(code.load(to), added, strict=True)]
        code.store(total, to)
        return context.get_dummy_value()

    return types.void(target, t, source, s), generate


@intrinsic
def clear(typing_context: Any, target: Any, start: Any, count: Any) -> Any:
    """Set ``count`` elements to zero."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code = _Code(context, builder, target)
        first = code.element(signature.args[0], args[0], args[1])
        zero = [ir.Constant(VECTOR, None)] * code.planes
        with cgutils.for_range(builder, args[2]) as loop:
            code.store(zero, code.step(first, loop.index))
        return context.get_dummy_value()

    return types.void(target, start, count), generate
