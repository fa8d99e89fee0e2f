/** How a value of a receiver or a source is filled in by people. Read next: receivers/field-table.ts, source-table.ts. */
import type { OptionEntry, OptionKind } from './option-table.ts'

/** `secret` is never given out again; `secret-json` is one that is written as JSON. `paragraph`: a text of several lines. */
export type FieldKind =
  | OptionKind
  | Readonly<{ is: 'secret'; example: string }>
  | Readonly<{ is: 'secret-json'; example: string }>
  | Readonly<{ is: 'secret-paragraph'; example: string }>
  | Readonly<{ is: 'paragraph'; example: string }>

/** `standard` empty = it says itself what holds without it. */
export type FieldEntry = Omit<OptionEntry, 'group' | 'kind'> & Readonly<{ kind: FieldKind; needed?: true }>

/** By where it stands: `url`, or `limits.timeout_s` within an object. */
export type FieldTable = Readonly<Record<string, FieldEntry>>

type Words = Readonly<{ label: string; meaning: string; standard?: string; needed?: true }>

export function field(kind: FieldKind, { standard = '', ...words }: Words): FieldEntry {
  return { kind, standard, ...words }
}

export const text = (example: string): FieldKind => ({ is: 'text', example })
export const secret = (example = ''): FieldKind => ({ is: 'secret', example })
export const paragraph = (example: string): FieldKind => ({ is: 'paragraph', example })
export const json = (example: string): FieldKind => ({ is: 'json', example })
export const list = (example: string): FieldKind => ({ is: 'list', choices: null, example })
export const choice = (...choices: readonly string[]): FieldKind => ({ is: 'choice', choices })
export const number = (unit: 'seconds' | '' = ''): FieldKind => ({ is: 'number', unit })
export const flag: FieldKind = { is: 'flag' }
