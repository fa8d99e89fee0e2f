import type { Datasource } from '../../activities/ports.ts'
import { keyOf } from '../groups/source.ts'

/** Of all monitors of this benchmark; the metric's name says how the groups behave. */
const stormMetric = 'bench.storm'

/** All groups change their level at each slot, so that each slot tells of each. */
export function flappingQuery(groups: number, intervalMs: number): string {
  return `avg(last_1m):avg:bench.flap.${groups}.${intervalMs}{*} by {host,service} > 90`
}

/** All groups have the value that was said last. */
export function stormQuery(groups: number): string {
  return `avg(last_1m):avg:${stormMetric}.${groups}{*} by {host,service} > 90`
}

export function notifySource(stormValue: () => number): Datasource {
  return {
    types: ['query alert'],
    query: async ({ query, slots }) =>
      slots.map((slot) => {
        const [, flapGroups, intervalMs] = /bench\.flap\.(\d+)\.(\d+)\{/.exec(query) ?? []
        if (flapGroups !== undefined) {
          return { slot, values: valuesOf(Number(flapGroups), Math.floor(slot / Number(intervalMs)) % 2 === 0 ? 95 : 10) }
        }
        const [, stormGroups] = /bench\.storm\.(\d+)\{/.exec(query) ?? []
        if (stormGroups === undefined) throw new Error(`no behaviour for ${query}`)
        return { slot, values: valuesOf(Number(stormGroups), stormValue()) }
      }),
  }
}

function valuesOf(groups: number, value: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: groups }, (_, index) => [keyOf(index), value]))
}
