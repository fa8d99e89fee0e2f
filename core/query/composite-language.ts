/** The language of composites: text → node and back. Read next: composite.peggy. */
import { assertNever } from '../assert.ts'
import * as grammar from './composite.generated.js'
import type { CompositeExpression, CompositeQuery } from './composite-nodes.ts'
import { type LanguageResult, type Report, readLanguage } from './language.ts'
import type { CompositeSyntax } from './language-syntax.ts'

/** Monitors in one composite at most, as Datadog has it: each is read at each evaluation. */
export const membersMax = 10

export function parseComposite(text: string): LanguageResult<CompositeQuery> {
  return readLanguage(grammar, text, (syntax, report) => {
    checkMembers(syntax, report)
    return { kind: 'composite', of: expressionOf(syntax) }
  })
}

/** The monitors that it is about, each once, in the order they are written. */
export function membersOf(expression: CompositeExpression): number[] {
  switch (expression.kind) {
    case 'monitor':
      return [expression.id]
    case 'not':
      return membersOf(expression.of)
    case 'and':
    case 'or':
      return [...new Set(expression.of.flatMap(membersOf))]
    default:
      return assertNever(expression)
  }
}

function checkMembers(syntax: CompositeSyntax, report: Report): void {
  const seen = new Set<number>()
  for (const { id, offset } of mentions(syntax)) {
    seen.add(id)
    if (id < 1 || !Number.isSafeInteger(id)) report('this is no id of a monitor', offset)
    if (seen.size > membersMax) report(`a composite has at most ${membersMax} monitors`, offset)
  }
}

type Mention = Extract<CompositeSyntax, Readonly<{ kind: 'monitor' }>>

function mentions(syntax: CompositeSyntax): Mention[] {
  switch (syntax.kind) {
    case 'monitor':
      return [syntax]
    case 'not':
      return mentions(syntax.of)
    case 'and':
    case 'or':
      return syntax.of.flatMap(mentions)
    default:
      return assertNever(syntax)
  }
}

function expressionOf(syntax: CompositeSyntax): CompositeExpression {
  switch (syntax.kind) {
    case 'monitor':
      return { kind: 'monitor', id: syntax.id }
    case 'not':
      return { kind: 'not', of: expressionOf(syntax.of) }
    case 'and':
    case 'or':
      return { kind: syntax.kind, of: syntax.of.map(expressionOf) }
    default:
      return assertNever(syntax)
  }
}

export function printComposite(expression: CompositeExpression): string {
  switch (expression.kind) {
    case 'monitor':
      return String(expression.id)
    case 'not':
      return `!${printInner(expression.of)}`
    case 'and':
    case 'or':
      return expression.of.map(printInner).join(expression.kind === 'and' ? ' && ' : ' || ')
    default:
      return assertNever(expression)
  }
}

/** Brackets around all that isn't one sign or number. */
function printInner(expression: CompositeExpression): string {
  const several = expression.kind === 'and' || expression.kind === 'or'
  return several ? `(${printComposite(expression)})` : printComposite(expression)
}
