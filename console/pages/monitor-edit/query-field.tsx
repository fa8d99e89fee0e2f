/** The query, with what its source knows offered while it is typed. Read next: code-area.tsx, words-at.ts. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Checked, type Problem, wordsQuery } from '../../data/editor.ts'
import { CodeArea } from './code-area.tsx'
import type { Draft } from './draft.ts'
import { useDebounced } from './use-debounced.ts'
import { type WordsAt, wordsAt } from './words-at.ts'

/** A word that is still being typed isn't asked for letter by letter. */
const pauseMs = 90
const nothing: WordsAt = { ask: { of: 'name', text: '' }, from: 0, to: 0 }

export function QueryField({
  draft,
  onQuery,
  problems,
  reads,
}: Readonly<{ draft: Draft; onQuery: (query: string) => void; problems: readonly Problem[]; reads: Checked['reads'] }>) {
  const { type, query, options } = draft
  const [caret, setCaret] = useState<number | null>(null)
  const here = useDebounced(caret === null ? null : wordsAt(type, query, caret), pauseMs)
  const datasource = typeof options.datasource === 'string' ? { datasource: options.datasource } : {}
  const { data } = useQuery({ ...wordsQuery({ type, ...datasource, ...(here ?? nothing).ask }), enabled: here !== null })
  const isWhole = here !== null && data?.words.length === 1 && data.words[0] === here.ask.text
  const offered = here === null || data === undefined ? null : { ...here, words: isWhole ? [] : data.words, note: data.note }
  return (
    <CodeArea
      label="Query"
      rows={2}
      value={query}
      onChange={onQuery}
      problems={problems}
      offered={offered}
      onCaret={setCaret}
      hint={reads === null ? null : readsAs(reads)}
    />
  )
}

function readsAs({ window_s: window, interval_s: interval, group_by: by }: NonNullable<Checked['reads']>): string {
  const groups =
    by === null ? 'as many groups as the source answers' : by.length === 0 ? 'one group of everything' : `a group for each ${by.join(', ')}`
  return `Looks back ${spanText(window)}, evaluated every ${spanText(interval)}, ${groups}.`
}

export function spanText(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.round(seconds * 10) / 10} s`
}
