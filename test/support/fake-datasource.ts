import { type Datasource, type SlotReadings, SourceError, type SourceFailureCode, type SourceQuery } from '../../activities/ports.ts'

export type DatasourceScript = Readonly<{
  /** Group keys; default: one group of everything. */
  groups?: readonly string[]
  /** The value of a group as of a slot; null = no data. A pure function, so the same question has the same answer. */
  value: (group: string, slot: number) => number | null
  /** Groups whose window has gaps as of a slot; that matters where a full window is required. */
  hasGaps?: (group: string, slot: number) => boolean
  /** Slots at which the whole question fails. */
  fails?: (slot: number) => SourceFailureCode | null
  /** Slots that can't be answered, with the reason. */
  skips?: (slot: number) => string | null
  types?: readonly string[]
}>

export type ScriptedDatasource = Datasource &
  Readonly<{
    /** Every question so far, oldest first. */
    asked: readonly SourceQuery[]
  }>

/** A datasource whose values are known beforehand: it reads no query text, only groups and slots. */
export function scriptedDatasource(script: DatasourceScript): ScriptedDatasource {
  const asked: SourceQuery[] = []
  return {
    types: script.types ?? ['metric alert', 'query alert'],
    asked,
    query: async (query) => {
      asked.push(query)
      if (query.query === '') throw new SourceError('bad-query', 'an empty query')
      return query.slots.map((slot) => readings(script, slot, query))
    },
  }
}

function readings(script: DatasourceScript, slot: number, { groupsMax, requireFullWindow }: SourceQuery): SlotReadings {
  const code = script.fails?.(slot) ?? null
  if (code !== null) throw new SourceError(code, `scripted for slot ${slot}`)
  const skipped = script.skips?.(slot) ?? null
  if (skipped !== null) return { slot, values: {}, skipped }
  const groups = [...(script.groups ?? ['*'])].sort()
  const found = groups.flatMap((group) => {
    const value = script.value(group, slot)
    return value === null ? [] : [{ group, value, partial: requireFullWindow && script.hasGaps?.(group, slot) === true }]
  })
  const answered = found.slice(0, groupsMax)
  const values = answered.filter(({ partial }) => !partial).map(({ group, value }) => [group, value] as const)
  const partial = answered.filter((one) => one.partial).map(({ group }) => group)
  return { slot, values: Object.fromEntries(values), ...(partial.length === 0 ? {} : { partial }) }
}
