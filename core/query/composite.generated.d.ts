// Generated from composite.peggy and tokens.peggy by `npm run generate`: change those instead.
import type { CompositeSyntax } from './language-syntax.ts'
import type { GrammarError } from './syntax.ts'

export declare const SyntaxError: { new (...args: never): GrammarError; readonly prototype: GrammarError }
/** Throws SyntaxError. */
export declare function parse(input: string): CompositeSyntax
