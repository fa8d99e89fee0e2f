// Generated from metric.peggy, expression.peggy, scope.peggy and tokens.peggy by `npm run generate`: change those instead.
import type { MetricSyntax, MetricExpressionSyntax, GrammarError } from './syntax.ts'

export declare const SyntaxError: { new (...args: never): GrammarError; readonly prototype: GrammarError }
/** Throws SyntaxError. */
export declare function parse(input: string, options: { startRule: 'MetricExpression' }): MetricExpressionSyntax
export declare function parse(input: string): MetricSyntax
