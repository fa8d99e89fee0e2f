/** SQL alerts, taken apart into the statement and what its values are compared with. Read next: sql.peggy. */
import { comparedOf, type LanguageResult, readLanguage } from './language.ts'
import type { SqlQuery } from './our-nodes.ts'
import * as grammar from './sql.generated.js'

export function parseSql(text: string): LanguageResult<SqlQuery> {
  return readLanguage(grammar, text, ({ statement, comparison }, report) => {
    return { kind: 'sql', statement: statement.text.trim(), comparison: comparison === null ? null : comparedOf(comparison, report) }
  })
}

export function printSql({ statement, comparison }: SqlQuery): string {
  if (comparison === null) return statement
  // On the line of a comment the semicolon would be a part of it.
  const lineEnd = /--[^\n]*$/.test(statement) ? '\n' : ''
  return `${statement}${lineEnd}; ${comparison.comparator} ${comparison.threshold}`
}
