import { describe, expect, test } from 'vitest'
import { type Datasource, SourceError, type SourceQuery } from '../../activities/ports.ts'

/** What the source must answer: group key → one value per slot, null = no data. Slots are a minute apart. */
export type World = Readonly<Record<string, readonly (number | null)[]>>

export type DatasourceSubject = Readonly<{
  source: Datasource
  /** A question about the world, slots aside. */
  question: Omit<SourceQuery, 'slots'>
  /** A text that the source can't read. */
  badQuery: string
}>

export const conformanceSlots = [0, 1, 2, 3, 4].map((index) => 1_700_000_017_000 + index * 60_000)

const world: World = {
  'host:a': [1, 2, 3, 4, 5],
  'host:b': [null, null, 0, -1.5, null],
  'host:c': [7, null, null, null, 7],
  'host:d': [null, null, null, null, null],
}

/** What every Datasource promises. `open` makes one that sees the world at the conformance slots. */
export function datasourceConformance(name: string, open: (world: World) => Promise<DatasourceSubject>): void {
  describe(`${name} as a datasource`, () => {
    test('answers each slot in the order asked, groups without data absent', async () => {
      const { source, question } = await open(world)
      expect(await source.query({ ...question, slots: conformanceSlots })).toEqual(
        conformanceSlots.map((slot, index) => ({ slot, values: valuesAt(world, index) })),
      )
    })

    test('answers many slots as it answers each alone, now or later', async () => {
      const { source, question } = await open(world)
      const together = await source.query({ ...question, slots: conformanceSlots })
      const alone = await Promise.all(conformanceSlots.map((slot) => source.query({ ...question, slots: [slot] })))
      expect(alone.flat()).toEqual(together)
    })

    test('answers a world without data with slots without groups', async () => {
      const { source, question } = await open({})
      const [slot = 0] = conformanceSlots
      expect(await source.query({ ...question, slots: [slot] })).toEqual([{ slot, values: {} }])
    })

    test('answers no slots with nothing', async () => {
      const { source, question } = await open(world)
      expect(await source.query({ ...question, slots: [] })).toEqual([])
    })

    test('cuts at groupsMax in the order of group keys, slot by slot', async () => {
      const { source, question } = await open(world)
      const answer = await source.query({ ...question, slots: conformanceSlots, groupsMax: 2 })
      expect(answer.map(({ values }) => Object.keys(values))).toEqual([
        ['host:a', 'host:c'],
        ['host:a'],
        ['host:a', 'host:b'],
        ['host:a', 'host:b'],
        ['host:a', 'host:c'],
      ])
    })

    test('serves the type of its question', async () => {
      const { source, question } = await open({})
      expect(source.types).toContain(question.type)
    })

    test('rejects what it can’t read with bad-query', async () => {
      const { source, question, badQuery } = await open({})
      const error = await source.query({ ...question, query: badQuery, slots: conformanceSlots }).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(SourceError)
      expect(error).toMatchObject({ code: 'bad-query' })
    })
  })
}

/** Whether the window of a group is full as of each of the slots, or has data with gaps, or none (null). Each value is 7. */
export type Windows = Readonly<Record<string, readonly ('full' | 'gaps' | null)[]>>

/** Far enough apart that no window reaches back into the one before. */
export const windowSlots = [0, 1, 2].map((index) => 1_700_000_017_000 + index * 600_000)

const windows: Windows = {
  'host:a': ['full', 'full', 'gaps'],
  'host:b': ['gaps', null, 'full'],
  'host:c': ['gaps', 'gaps', 'gaps'],
  'host:d': [null, null, null],
}

/** What a Datasource promises where windows have gaps. `open` makes one that sees them at the window slots. */
export function fullWindowConformance(name: string, open: (windows: Windows) => Promise<Omit<DatasourceSubject, 'badQuery'>>): void {
  describe(`${name} where windows have gaps`, () => {
    test('answers all values where a full window isn’t required', async () => {
      const { source, question } = await open(windows)
      expect(await source.query({ ...question, slots: windowSlots })).toEqual([
        { slot: windowSlots[0], values: { 'host:a': 7, 'host:b': 7, 'host:c': 7 } },
        { slot: windowSlots[1], values: { 'host:a': 7, 'host:c': 7 } },
        { slot: windowSlots[2], values: { 'host:a': 7, 'host:b': 7, 'host:c': 7 } },
      ])
    })

    test('where it is, names the groups with gaps and keeps their values to itself', async () => {
      const { source, question } = await open(windows)
      expect(await source.query({ ...question, requireFullWindow: true, slots: windowSlots })).toEqual([
        { slot: windowSlots[0], values: { 'host:a': 7 }, partial: ['host:b', 'host:c'] },
        { slot: windowSlots[1], values: { 'host:a': 7 }, partial: ['host:c'] },
        { slot: windowSlots[2], values: { 'host:b': 7 }, partial: ['host:a', 'host:c'] },
      ])
    })

    test('counts groups with gaps among groupsMax', async () => {
      const { source, question } = await open(windows)
      const answer = await source.query({ ...question, requireFullWindow: true, groupsMax: 2, slots: windowSlots })
      expect(answer.map(({ values, partial }) => [Object.keys(values), partial])).toEqual([
        [['host:a'], ['host:b']],
        [['host:a'], ['host:c']],
        [['host:b'], ['host:a']],
      ])
    })
  })
}

export function valuesAt(world: World, index: number): Record<string, number> {
  const values = Object.entries(world).flatMap(([group, series]) => {
    const value = series[index] ?? null
    return value === null ? [] : [[group, value] as const]
  })
  return Object.fromEntries(values)
}
