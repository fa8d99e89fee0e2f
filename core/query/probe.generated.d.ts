// Generated from probe.peggy, calls.peggy and tokens.peggy by `npm run generate`: change those instead.
import type { ProbeSyntax } from './language-syntax.ts'
import type { GrammarError } from './syntax.ts'

export declare const SyntaxError: { new (...args: never): GrammarError; readonly prototype: GrammarError }
/** Throws SyntaxError. */
export declare function parse(input: string): ProbeSyntax
