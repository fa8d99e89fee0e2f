/**
 * What a person who looks at a monitor, or writes one, asks of its source: a drawing of the query, or words that complete it.
 * Never judges anything, and nothing of it is stored. Read next: drawing.ts, completion.ts, activities/look.ts.
 */
import type { Completion, CompletionQuestion } from './completion.ts'
import type { Drawing, DrawingQuestion } from './drawing.ts'

export type LookAsk = Readonly<{ kind: 'draw'; question: DrawingQuestion } | { kind: 'complete'; question: CompletionQuestion }>

/** `bad`: asking again is of no use. `away`: the source gave no answer this time. Both with a sentence. */
export type LookAnswer = Readonly<
  | { kind: 'drawn'; drawing: Drawing }
  | { kind: 'completed'; completion: Completion }
  | { kind: 'refused'; why: 'bad' | 'away'; reason: string }
>
