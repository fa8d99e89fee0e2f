/** Data of the last hours and days that differ from run to run, the same for the intake, for Prometheus and for a source in memory. */
import type { SeriesWorld } from '../conformance/series-source.ts'

export const seed = Math.floor(Math.random() * 2 ** 31)
const minuteMs = 60_000
/** Now, so that the intake keeps it; on a whole second, as scrapes need not be. */
export const endMs = Math.floor(Date.now() / 1_000) * 1_000 - 2 * minuteMs
export const hosts = ['a', 'b', 'c', 'd']

const random = randomFrom(seed)

/** Four hours of two metrics on some hosts and devices, with noise, gaps, and points at odd moments. */
export const short: SeriesWorld = ['app.load', 'app.free'].flatMap((metric) =>
  hosts.flatMap((host) =>
    ['x', 'y'].map((device) => ({
      metric,
      tags: [`host:${host}`, `device:${device}`, `env:${host === 'd' ? 'dev' : 'prod'}`],
      points: Array.from({ length: 960 }, (_, index) => ({
        atMs: endMs - index * 15_000 - Math.floor(random() * 14_000),
        value: rounded(50 + 40 * Math.sin(index / 50) + random() * 10),
      })).filter(() => random() > 0.1),
    })),
  ),
)

/** Nine days with a daily season, for what looks far back. */
const long: SeriesWorld = hosts.map((host, n) => ({
  metric: 'app.season',
  tags: [`host:${host}`],
  points: Array.from({ length: 9 * 288 }, (_, index) => ({
    atMs: endMs - index * 300_000,
    value: rounded(100 + n * 10 + 30 * Math.sin((index / 288) * 2 * Math.PI) + random() * 5),
  })),
}))
export const world: SeriesWorld = [...short, ...long]

/** Hits counted every 15 s, as an agent pushes them to the intake … */
export const counts: SeriesWorld = hosts.map((host) => ({
  metric: 'web.hits',
  tags: [`host:${host}`],
  points: Array.from({ length: 480 }, (_, index) => ({ atMs: endMs - (479 - index) * 15_000, value: Math.floor(100 + random() * 20) })),
}))
/** … and the counter that Prometheus would have scraped at the same times. */
export const counters: SeriesWorld = counts.map(({ points, ...series }) => {
  let total = 0
  return {
    ...series,
    points: points.map(({ atMs, value }) => {
      total += value
      return { atMs, value: total }
    }),
  }
})

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}
