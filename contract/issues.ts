/**
 * A failed zod parse as sentences: where, what was expected, what came.
 * Never repeats more than a name of what the client sent. Read next: parse.ts.
 */
import type { z } from 'zod'

/** More than this says nothing more to the reader. */
const issuesMax = 20
const nameCharsMax = 100

export function sentencesOf(error: z.ZodError): string[] {
  return error.issues.slice(0, issuesMax).map(sentence)
}

function sentence(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.').slice(0, nameCharsMax)
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, issuesMax).map((key) => `'${key.slice(0, nameCharsMax)}'`)
    return `unknown field${names.length > 1 ? 's' : ''} ${names.join(', ')}${place === '' ? '' : ` in ${place}`}`
  }
  return `${place === '' ? 'body' : place}: ${issue.message}`
}
