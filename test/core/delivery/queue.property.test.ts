import { expect, test } from 'vitest'
import { decide, newDigest, type QueueDecision, type Waiting } from '../../../core/delivery/queue.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)

/** The same numbers for the same seed. */
function numbers(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Row = Waiting & { state: 'open' | 'under way' | 'told'; covers: number[] }
type World = Readonly<{
  below: (below: number) => number
  incidents: boolean
  rows: Row[]
  underWay: Row[][]
  told: Set<number>
  toldLast: Map<string, number>
}>

function plan({ rows, below, incidents }: World): void {
  const id = rows.length + 1
  const storm = !incidents && below(8) === 0
  const form = storm ? 'storm' : 'single'
  const chain = storm ? 'storms' : `group ${below(3)}`
  const fixed = { monitorId: 1, failures: 0, dueInMs: 0, digest: null, bundle: below(3) === 0 ? 'a rule' : null, state: 'open' } as const
  rows.push({ ...fixed, id, sequence: id, chain, form, opens: below(2) === 0, covers: [id] })
}

const rowsOf = ({ rows }: World, ids: readonly number[]): Row[] => rows.filter(({ id }) => ids.includes(id))

function turn(world: World, budgetLeft: number | null): void {
  const busy = new Set(world.underWay.flat().map(({ id }) => id))
  const waiting = world.rows.filter(({ state }) => state !== 'told')
  const room = 3 - world.underWay.length
  const { folds, sends } = decide(waiting, { busy, room, budgetLeft, incidents: world.incidents, probing: false })
  for (const fold of folds) foldInto(world, fold)
  for (const { ids, digest } of sends) {
    const taken = rowsOf(world, ids)
    expect(taken.every(({ state }) => state === 'open')).toBe(true)
    for (const row of taken) Object.assign(row, { state: 'under way', digest: digest === newDigest ? `digest ${ids[0]}` : digest })
    world.underWay.push(taken)
  }
}

function foldInto(world: World, { into, from }: QueueDecision['folds'][number]): void {
  const [target] = rowsOf(world, [into])
  for (const row of rowsOf(world, from)) {
    expect(row.state).toBe('open')
    row.state = 'told'
    target?.covers.push(...row.covers)
  }
}

function answer(world: World): void {
  const [taken = []] = world.underWay.splice(world.below(world.underWay.length), 1)
  const ok = world.below(3) > 0
  for (const row of taken) row.state = ok ? 'told' : 'open'
  if (ok) for (const row of taken) hear(world, row)
}

/** What a receiver hears is new to it, and later than what it heard of the same group. */
function hear({ told, toldLast }: World, { id, form, chain, covers }: Row): void {
  expect(covers.filter((one) => told.has(one))).toEqual([])
  for (const one of covers) told.add(one)
  for (const of of form === 'storm' ? [...toldLast.keys()] : [chain]) {
    expect(toldLast.get(of) ?? 0).toBeLessThan(id)
    toldLast.set(of, id)
  }
}

/** A receiver of this kind lives through plans, tries that fail, budgets, and answers in any order. */
function live(run: number, incidents: boolean): World {
  const below = numbers(seed * 1_000 + run)
  const world: World = { below, incidents, rows: [], underWay: [], told: new Set(), toldLast: new Map() }
  for (let step = 0; step < 120; step += 1) {
    const what = below(4)
    if (what === 0) plan(world)
    else if (what === 1 && world.underWay.length > 0) answer(world)
    else turn(world, below(3) === 0 && !incidents ? below(3) : null)
  }
  for (let step = 0; step < 500 && world.rows.some(({ state }) => state !== 'told'); step += 1) {
    turn(world, null)
    while (world.underWay.length > 0) answer(world)
  }
  return world
}

test.each([
  ['messages', false],
  ['incidents', true],
] as const)(`whatever comes and fails, %s are told in order, once, and none is lost (seed ${seed})`, (_what, incidents) => {
  for (let run = 0; run < 300; run += 1) {
    const { told, rows } = live(run, incidents)
    expect(
      [...told].sort((a, b) => a - b),
      `run ${run}`,
    ).toEqual(rows.map(({ id }) => id))
  }
})
