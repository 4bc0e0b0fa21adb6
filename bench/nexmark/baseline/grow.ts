/** Typed arrays that grow by doubling: an array at least so long, with what was in the old one. */

export function grownI32(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array
  const grown = new Int32Array(Math.max(length, array.length * 2))
  grown.set(array)
  return grown
}

export function grownF64(
  array: Float64Array<ArrayBuffer>,
  length: number,
): Float64Array<ArrayBuffer> {
  if (length <= array.length) return array
  const grown = new Float64Array(Math.max(length, array.length * 2))
  grown.set(array)
  return grown
}
