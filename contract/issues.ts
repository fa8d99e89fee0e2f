/**
 * A failed zod parse as sentences: where, what is wrong, and what is expected there.
 * Never repeats more than a name of what the client sent. Read next: issue-words.ts, parse.ts.
 */
import type { z } from 'zod'
import { valueAt, wordsOf } from './issue-words.ts'

/** More than this says nothing more to the reader. */
const issuesMax = 20
const nameCharsMax = 100

/** `input`: what was parsed. What isn't there is called missing. */
export function sentencesOf(error: z.ZodError, input: unknown): string[] {
  return error.issues.slice(0, issuesMax).map((issue) => sentence(issue, input))
}

function sentence(issue: z.core.$ZodIssue, input: unknown): string {
  const place = issue.path.map(String).join('.').slice(0, nameCharsMax)
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, issuesMax).map((key) => `'${key.slice(0, nameCharsMax)}'`)
    return `unknown field${names.length > 1 ? 's' : ''} ${names.join(', ')}${place === '' ? '' : ` in ${place}`}`
  }
  return `${place === '' ? 'body' : place}: ${wordsOf(issue, valueAt(input, issue.path))}`
}
