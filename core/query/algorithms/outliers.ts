/**
 * Which members of a group behave unlike the others over a window, by one of two published methods:
 * dbscan  density-based clustering (Ester, Kriegel, Sander and Xu 1996) of series as points, one dimension a bucket; who isn't in the largest cluster stands out.
 *         Two are neighbours within tolerance × the median distance to the series of medians.
 * mad     points further from the median of their bucket than tolerance × the median absolute deviation of all points (Hampel 1974); who has `share` of them stands out.
 * The scaled forms take a spread of less than a twentieth of what is measured for one of that: tight groups have no outliers by a hair.
 * Read next: statistics.ts, docs/algorithms.md.
 */
import type { Values } from '../frame.ts'
import { median, robustScale } from './statistics.ts'

export type Outliers = Readonly<{ method: 'dbscan' | 'mad'; scaled: boolean; tolerance: number; share: number }>

/** Fewer can't say which of them is the odd one. */
export const membersMin = 3
/** Neighbours, itself counted, with which a series is in the middle of a cluster. */
const clusterMin = 3
/** A spread below this part of the median is taken for this part. */
const scaledSpread = 0.05

/** One answer per member, in their order. Each has data somewhere. Time grows with members², of dbscan. */
export function outliers(members: readonly Values[], { method, scaled, tolerance, share }: Outliers): boolean[] {
  if (members.length < membersMin) return members.map(() => false)
  const center = bucketMedians(members)
  const floor = scaled ? scaledSpread * median(center.map((value) => Math.abs(value ?? 0))) : 0
  return method === 'dbscan' ? outsideOfCluster(members, center, tolerance, floor) : farPoints(members, center, tolerance, floor, share)
}

function outsideOfCluster(members: readonly Values[], center: Values, tolerance: number, floor: number): boolean[] {
  const usual = Math.max(median(members.map((values) => distance(values, center))), floor)
  const reach = usual * tolerance
  const near = members.map((values) => members.map((other) => distance(values, other) <= reach))
  const cluster = clusters(near)
  const sizes = new Map<number, number>()
  for (const id of cluster) if (id !== null) sizes.set(id, (sizes.get(id) ?? 0) + 1)
  // Of equally large ones the first: they are visited in the order of group keys.
  const [largest] = [...sizes].sort(([, a], [, b]) => b - a)
  // Nobody near anybody: there is no usual behaviour to differ from.
  return cluster.map((id) => largest !== undefined && id !== largest[0])
}

/** The number of each one's cluster; null = in none. */
function clusters(near: readonly (readonly boolean[])[]): (number | null)[] {
  const cluster: (number | null)[] = near.map(() => null)
  const isCore = near.map((row) => row.reduce((count, isNear) => count + (isNear ? 1 : 0), 0) >= Math.min(clusterMin, near.length))
  near.forEach((_, start) => {
    if (!isCore[start] || cluster[start] !== null) return
    const open = [start]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (cluster[at] !== null) continue
      cluster[at] = start
      if (isCore[at]) open.push(...(near[at] ?? []).flatMap((isNear, next) => (isNear ? next : [])))
    }
  })
  return cluster
}

function farPoints(members: readonly Values[], center: Values, tolerance: number, floor: number, share: number): boolean[] {
  const residuals = members.map((values) => values.map((value, i) => minus(value, center[i] ?? null)))
  const reach = Math.max(robustScale(residuals.flatMap((row) => row.flatMap((value) => value ?? []))), floor) * tolerance
  return residuals.map((row) => {
    const there = row.flatMap((value) => value ?? [])
    const far = there.filter((value) => Math.abs(value) > reach)
    return far.length > 0 && far.length >= there.length * share
  })
}

/** Root of the mean square over the buckets that both have; without any they are as far apart as can be. */
function distance(a: Values, b: Values): number {
  let count = 0
  let squares = 0
  for (let i = 0; i < a.length; i += 1) {
    const difference = minus(a[i] ?? null, b[i] ?? null)
    if (difference === null) continue
    count += 1
    squares += difference * difference
  }
  return count === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / count)
}

function bucketMedians(members: readonly Values[]): Values {
  return Array.from({ length: members[0]?.length ?? 0 }, (_, i) => {
    const there = members.flatMap((values) => values[i] ?? [])
    return there.length === 0 ? null : median(there)
  })
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b
}
