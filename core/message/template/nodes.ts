/**
 * A message's template as data: texts, values and blocks, each with its place in the text.
 * Never holds what a name stands for: that comes when it is rendered.
 * Read next: parse.ts (text → nodes), evaluate.ts (nodes → text).
 */

/** From 1, both. */
export type Place = Readonly<{ line: number; column: number }>

/** `path` is a name without quotes, its parts joined by dots. */
export type Argument = Readonly<{ kind: 'text' | 'path'; text: string } | { kind: 'number'; number: number }>

/** `value`, `host.name`, `eval "value * 2"`. */
export type Call = Readonly<{ name: string; arguments: readonly Argument[]; place: Place }>

export type TemplateNode = Readonly<
  | { kind: 'text'; text: string }
  /** `source`: as it is written, with its braces. */
  | { kind: 'value'; call: Call; source: string }
  /** A negated block has its two sides changed over. */
  | { kind: 'block'; call: Call; whenTrue: readonly TemplateNode[]; whenFalse: readonly TemplateNode[] }
>

export type TemplateError = Readonly<{ message: string; place: Place }>

export type ParsedTemplate = Readonly<{ ok: true; nodes: readonly TemplateNode[] } | { ok: false; error: TemplateError }>
