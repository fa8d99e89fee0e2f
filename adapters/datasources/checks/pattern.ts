import { createContext, Script } from 'node:vm'
import { SourceError } from '../../../activities/ports.ts'

/** A pattern that takes longer backtracks without end: users write them, and a worker has other work. */
const searchMsMax = 200

/** The one way to stop a regular expression of Node is to run it in a script with a time limit. */
const search = new Script('new RegExp(pattern, "u").test(text)')

/** Whether the regular expression is found in the text. Throws a SourceError where finding out takes too long. */
export function found(pattern: string, text: string): boolean {
  try {
    return search.runInContext(createContext({ pattern, text }), { timeout: searchMsMax }) === true
  } catch (cause) {
    throw new SourceError('bad-query', `the pattern takes longer than ${searchMsMax} ms: write it without nested repetitions`, { cause })
  }
}
