/** A template, parsed. Read next: parse.ts, evaluate.ts. */
import type { Value } from './values.ts'

export type Operand = Readonly<
  | { kind: 'literal'; value: Value }
  /** `.A.B`, `$x.A`, `(…).A`: fields of what stands in front. */
  | { kind: 'dot'; fields: readonly string[] }
  | { kind: 'variable'; name: string; fields: readonly string[] }
  | { kind: 'nested'; pipeline: Pipeline; fields: readonly string[] }
  | { kind: 'function'; name: string }
>

/** The first operand is called with the others, where it is a function. */
export type Command = readonly Operand[]

/** `names`: variables that it declares or (`assigns`) sets. */
export type Pipeline = Readonly<{ names: readonly string[]; assigns: boolean; commands: readonly Command[] }>

export type Node = Readonly<
  | { kind: 'text'; text: string }
  | { kind: 'action'; pipeline: Pipeline }
  | { kind: 'if' | 'with' | 'range'; pipeline: Pipeline; body: readonly Node[]; otherwise: readonly Node[] }
  | { kind: 'template'; name: string; pipeline: Pipeline | null }
  | { kind: 'break' | 'continue' }
>

/** Bodies of `define`, by name. */
export type Template = Readonly<{ nodes: readonly Node[]; defined: ReadonlyMap<string, readonly Node[]> }>
