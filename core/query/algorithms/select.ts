/** Rounds after which the rest is sorted: values in an order made to be bad for halving take no longer than sorting. */
const roundsMax = 40

/**
 * The value that would stand at `k` if the first `size` numbers were sorted (Hoare's selection, 1961): those before it are no greater
 * afterwards, those behind it no smaller. A median needs no more, and sorting takes several times as long.
 */
export function select(values: Float64Array, size: number, k: number): number {
  let low = 0
  let high = size - 1
  for (let round = 0; low < high && round < roundsMax; round += 1) {
    const pivot = values[(low + high) >> 1] ?? 0
    const from = part(values, low, high, pivot)
    // Those before `from` that aren't smaller than the pivot are equal to it.
    let to = from - 1
    while (to > low && values[to] === pivot) to -= 1
    if (k >= from) low = from
    else if (k <= to) high = to
    else return values[k] ?? 0
  }
  if (low < high) values.subarray(low, high + 1).sort()
  return values[k] ?? 0
}

/** Puts what is smaller than the pivot before what is greater; where the latter begins. Both parts are shorter than the whole. */
function part(values: Float64Array, low: number, high: number, pivot: number): number {
  let i = low
  let j = high
  while (i <= j) {
    while ((values[i] ?? 0) < pivot) i += 1
    while ((values[j] ?? 0) > pivot) j -= 1
    if (i > j) break
    const value = values[i] ?? 0
    values[i] = values[j] ?? 0
    values[j] = value
    i += 1
    j -= 1
  }
  return i
}
