import type { Datasource } from '../../activities/ports.ts'

/** How a monitor's groups behave: of every `periodSlots` slots each is bad for `badSlots`, one after the other. */
export type Behaviour = Readonly<{ groups: number; periodSlots: number; badSlots: number }>

/** 1 % of the groups change their level at each slot (half get worse, half recover), and 5 % are bad at any time. */
export const busy = (groups: number): Behaviour => ({ groups, periodSlots: 200, badSlots: 10 })

/** Nothing ever changes. */
export const quiet = (groups: number): Behaviour => ({ groups, periodSlots: 1, badSlots: 0 })

/** As hosts and services are called, 40 B. */
export function keyOf(index: number): string {
  return `host:web-${String(index).padStart(5, '0')},service:checkout-${index % 40}`.padEnd(40, '0')
}

/** Values of the monitors by id, with digits as real measurements have them. */
export function scriptedGroups(
  behaviours: ReadonlyMap<number, Behaviour>,
  intervalMs: number,
  idOf: (query: string) => number,
): Datasource {
  const keys = Array.from({ length: Math.max(...[...behaviours.values()].map(({ groups }) => groups)) }, (_, index) => keyOf(index))
  return {
    types: ['query alert'],
    query: async ({ query, slots }) => {
      const behaviour = behaviours.get(idOf(query))
      if (behaviour === undefined) throw new Error(`no behaviour for ${query}`)
      return slots.map((slot) => ({ slot, values: valuesAt(behaviour, keys, Math.floor(slot / intervalMs)) }))
    },
  }
}

function valuesAt({ groups, periodSlots, badSlots }: Behaviour, keys: readonly string[], tick: number): Record<string, number> {
  const values: Record<string, number> = {}
  for (let index = 0; index < groups; index += 1) {
    const noise = ((index * 7_919 + tick * 104_729) % 99_991) / 10_007
    values[keys[index] ?? ''] = (tick + index) % periodSlots < badSlots ? 90.5 + noise / 2 : 20 + noise
  }
  return values
}
