/** How this process expands rules, with what it remembers of them. Read next: core/downtime/occurrences.ts. */
import { recurrences } from '../../adapters/recurrences/recurrences.ts'
import type { Rules } from '../../core/downtime/occurrences.ts'
import { rememberedStarts } from '../../core/downtime/starts.ts'

const { times } = recurrences()

export const rules: Rules = { times, starts: rememberedStarts(times) }
