/**
 * `npm run bench -- query`: how fast queries are read, fed and computed. Each group of figures has a file of its own.
 * Never a figure of the engine as a whole (that is loop/). Read next: parse.ts.
 */
import type { Benchmark, Figure, Figures } from '../benchmark.ts'
import { evaluating } from './evaluate.ts'
import { feeding } from './intake.ts'
import { parsing } from './parse.ts'
import { asking } from './sources.ts'

/** Figures that are measured together. */
export type FigureGroup = Readonly<{
  about: string
  figures: readonly Figure[]
  measure: (say: (line: string) => void) => Promise<Figures>
}>

const groups: readonly FigureGroup[] = [parsing, feeding, evaluating, asking]

export const queryBenchmark: Benchmark = {
  name: 'query',
  about: groups.map(({ about }) => about).join(' '),
  figures: groups.flatMap(({ figures }) => figures),
  run: async (say) => {
    const measured: Figures[] = []
    // One after the other: together they would take the cores from each other.
    for (const group of groups) measured.push(await group.measure(say))
    return Object.assign({}, ...measured)
  },
}
