/** What could be completed where the caret stands: which words of which source, and what they would replace. Pure. Read next: code-area.tsx. */
import type { WordsAsk } from '../../data/editor.ts'

/** `from` and `to`: what is replaced. */
export type WordsAt = Readonly<{ ask: Omit<WordsAsk, 'type' | 'datasource'>; from: number; to: number }>

/** null = nothing that a source knows. */
export function wordsAt(type: string, text: string, caret: number): WordsAt | null {
  const before = text.slice(0, caret)
  switch (type) {
    case 'metric alert':
    case 'query alert':
      return ofMetric(before, caret)
    case 'promql alert':
      return ofPromql(before, caret)
    case 'log alert':
    case 'event-v2 alert':
    case 'event alert':
      return ofSearch(before, caret)
    case 'service check':
      return ofCheck(before, caret)
    default:
      return null
  }
}

const at = (caret: number, typed: string): Readonly<{ from: number; to: number }> => ({ from: caret - typed.length, to: caret })

function ofMetric(before: string, caret: number): WordsAt | null {
  const metric = [...before.matchAll(/(?:avg|sum|min|max|count|p\d+):([\w.]+)/g)].at(-1)?.[1]
  const named = metric === undefined ? {} : { name: metric }
  const by = /\bby\s*\{(?:[^{}]*,)?\s*([^{},\s]*)$/.exec(before)
  if (by !== null) return { ask: { of: 'key', ...named, text: by[1] ?? '' }, ...at(caret, by[1] ?? '') }
  const filter = /\{([^{}]*)$/.exec(before)
  if (filter !== null) return tagOf(filter[1] ?? '', caret, named)
  const name = /(?:avg|sum|min|max|count|p\d+):([\w.]*)$/.exec(before)
  return name === null ? null : { ask: { of: 'name', text: name[1] ?? '' }, ...at(caret, name[1] ?? '') }
}

/** `key` or `key:value`, the last of a filter. */
function tagOf(filter: string, caret: number, named: Readonly<{ name?: string }>): WordsAt {
  const last = /[^\s,()!]*$/.exec(filter)?.[0] ?? ''
  const colon = last.indexOf(':')
  if (colon < 0) return { ask: { of: 'key', ...named, text: last }, ...at(caret, last) }
  const value = last.slice(colon + 1)
  return { ask: { of: 'value', ...named, key: last.slice(0, colon), text: value }, ...at(caret, value) }
}

function ofPromql(before: string, caret: number): WordsAt | null {
  const value = /([A-Za-z_:][\w:]*)?\{[^{}]*?([A-Za-z_]\w*)\s*(?:=~|!~|!=|=)\s*"([^"]*)$/.exec(before)
  if (value !== null) {
    const [, name, key = '', text = ''] = value
    return { ask: { of: 'value', ...(name === undefined ? {} : { name }), key, text }, ...at(caret, text) }
  }
  const label = /([A-Za-z_:][\w:]*)?\{(?:[^{}"]*(?:"[^"]*")?[^{}"]*,)?\s*([A-Za-z_]?\w*)$/.exec(before)
  if (label !== null) {
    const [, name, text = ''] = label
    return { ask: { of: 'key', ...(name === undefined ? {} : { name }), text }, ...at(caret, text) }
  }
  const by = /\b(?:by|without|on|ignoring)\s*\((?:[^()]*,)?\s*(\w*)$/.exec(before)
  if (by !== null) return { ask: { of: 'key', text: by[1] ?? '' }, ...at(caret, by[1] ?? '') }
  const name = /(?:^|[\s(+\-*/])([A-Za-z_:][\w:]*)$/.exec(before)
  return name === null ? null : { ask: { of: 'name', text: name[1] ?? '' }, ...at(caret, name[1] ?? '') }
}

function ofSearch(before: string, caret: number): WordsAt | null {
  const by = /\.by\((["'])(?:[^"']*,)?\s*([^"',]*)$/.exec(before)
  if (by !== null) return { ask: { of: 'key', text: by[2] ?? '' }, ...at(caret, by[2] ?? '') }
  const search = /^\s*\w+\((["'])((?:\\.|(?!\1).)*)$/s.exec(before)
  if (search === null) return null
  const last = /[^\s()]*$/.exec(search[2] ?? '')?.[0]?.replace(/^-/, '') ?? ''
  return last === '' ? null : tagOf(last, caret, {})
}

function ofCheck(before: string, caret: number): WordsAt | null {
  const name = /^\s*"([^"]*)$/.exec(before)
  if (name !== null) return { ask: { of: 'name', text: name[1] ?? '' }, ...at(caret, name[1] ?? '') }
  const check = /^\s*"([^"]*)"/.exec(before)?.[1]
  const named = check === undefined ? {} : { name: check }
  const by = /\.by\([^)]*"([^"]*)$/.exec(before)
  if (by !== null) return { ask: { of: 'key', ...named, text: by[1] ?? '' }, ...at(caret, by[1] ?? '') }
  const over = /\.(?:over|exclude)\([^)]*"([^"]*)$/.exec(before)
  return over === null ? null : tagOf(over[1] ?? '', caret, named)
}

/** A handle that is being written in a message. */
export function handleAt(text: string, caret: number): Readonly<{ text: string; from: number; to: number }> | null {
  const [, typed] = /(?:^|\s|\})@([\w.-]*)$/.exec(text.slice(0, caret)) ?? []
  return typed === undefined ? null : { text: typed, ...at(caret, typed) }
}
