// Generated from formula.peggy, expression.peggy and tokens.peggy by `npm run generate`: change those instead.
import type { FormulaSyntax, GrammarError } from './syntax.ts'

export declare const SyntaxError: { new (...args: never): GrammarError; readonly prototype: GrammarError }
/** Throws SyntaxError. */
export declare function parse(input: string): FormulaSyntax
