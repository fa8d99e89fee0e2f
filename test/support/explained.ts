/** A pool that has PostgreSQL explain each statement before it runs, and remembers which large tables were read from one end to the other. */
import type { Pool } from '../../adapters/postgres/pool.ts'

export type Explained = Readonly<{
  pool: Pool
  /** Whole reads since the last call, as `table: statement`; each once. */
  wholeReads: () => string[]
  /** Statements that were explained since the last call. */
  explained: () => number
}>

type Ask = (...given: unknown[]) => unknown

/** What can't be explained, and reads nothing. */
const control = /^\s*(begin|commit|rollback|set|lock|vacuum|analyze|explain|create|alter)\b/i

export function explaining(inner: Pool, large: readonly string[]): Explained {
  let [found, count] = [new Set<string>(), 0]

  async function explain(ask: Ask, given: readonly unknown[]): Promise<void> {
    const { text, values } = statementOf(given)
    if (control.test(text)) return
    count += 1
    const answer = await ask(`explain ${text}`, values)
    for (const line of linesOf(answer)) {
      const table = /Seq Scan on (\w+)/.exec(line)?.[1]
      // Partitions are named after their table.
      if (table !== undefined && large.some((name) => table === name || table.startsWith(`${name}_p`)))
        found.add(`${table}: ${oneLine(text)}`)
    }
  }

  const watched = <Db extends Pick<Pool, 'query'>>(db: Db, connect?: () => unknown): Db =>
    new Proxy(db, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (name === 'connect' && connect !== undefined) return connect
        if (typeof value !== 'function') return value
        if (name !== 'query') return value.bind(target)
        const ask: Ask = value.bind(target)
        return async (...given: unknown[]) => {
          await explain(ask, given)
          return ask(...given)
        }
      },
    })

  return {
    pool: watched(inner, async () => watched(await inner.connect())),
    wholeReads: () => {
      const reads = [...found].sort()
      found = new Set()
      return reads
    },
    explained: () => {
      const explained = count
      count = 0
      return explained
    },
  }
}

function statementOf([first, second]: readonly unknown[]): Readonly<{ text: string; values: unknown }> {
  if (typeof first === 'string') return { text: first, values: second }
  if (typeof first === 'object' && first !== null && 'text' in first && typeof first.text === 'string')
    return { text: first.text, values: 'values' in first ? first.values : second }
  throw new Error('this is no statement that can be explained')
}

function linesOf(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null || !('rows' in answer) || !Array.isArray(answer.rows)) return []
  return answer.rows.map((row: unknown) => JSON.stringify(row))
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 160)
