import type { GrammarError } from './syntax.ts'

export type Parser<Syntax> = Readonly<{
  parse: (text: string) => Syntax
  SyntaxError: { readonly prototype: GrammarError } & (new (...args: never) => GrammarError)
}>

/** What a generated parser answers, or its syntax error as a value. */
export function runParser<Syntax>(
  parser: Parser<Syntax>,
  text: string,
): Readonly<{ ok: true; syntax: Syntax } | { ok: false; error: GrammarError }> {
  try {
    return { ok: true, syntax: parser.parse(text) }
  } catch (error) {
    if (error instanceof parser.SyntaxError) return { ok: false, error }
    throw error
  }
}
