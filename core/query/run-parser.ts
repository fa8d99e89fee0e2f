import type { GrammarError } from './syntax.ts'

type Thrown = Readonly<{ SyntaxError: { readonly prototype: GrammarError } & (new (...args: never) => GrammarError) }>

export type Parser<Syntax> = Thrown & Readonly<{ parse: (text: string) => Syntax }>

/** A parser that also reads a rule other than its first. */
export type PartParser<Syntax, Rule extends string> = Thrown & Readonly<{ parse: (text: string, options: { startRule: Rule }) => Syntax }>

export type ParserResult<Syntax> = Readonly<{ ok: true; syntax: Syntax } | { ok: false; error: GrammarError }>

/** What a generated parser answers, or its syntax error as a value. */
export function runParser<Syntax>(parser: Parser<Syntax>, text: string): ParserResult<Syntax> {
  return caught(parser, () => parser.parse(text))
}

/** The same of one rule. */
export function runPart<Syntax, Rule extends string>(
  parser: PartParser<Syntax, Rule>,
  text: string,
  startRule: Rule,
): ParserResult<Syntax> {
  return caught(parser, () => parser.parse(text, { startRule }))
}

function caught<Syntax>(parser: Thrown, parse: () => Syntax): ParserResult<Syntax> {
  try {
    return { ok: true, syntax: parse() }
  } catch (error) {
    if (error instanceof parser.SyntaxError) return { ok: false, error }
    throw error
  }
}
