/**
 * The body of POST /api/v1/check_run, in Datadog's shape: runs of service checks, one or a list.
 * A body is taken whole or refused whole. Never touches a database or a clock. Read next: series.ts, api/routes/checks.ts.
 */
import { z } from 'zod'
import { sentencesOf } from './issues.ts'
import { timeIssue } from './retention.ts'
import { tagsMax, text } from './series.ts'
import { tagOf } from './series-v1.ts'
import { normaliseTags } from './tags.ts'

/** 0 ok, 1 warning, 2 critical, 3 unknown. */
export type CheckStatus = 0 | 1 | 2 | 3

/** One run. Tags as those of series; the time in epoch ms. */
export type CheckRun = Readonly<{ check: string; tags: readonly string[]; atMs: number; status: CheckStatus; message: string }>

export type ParsedChecks = Readonly<{ ok: true; runs: readonly CheckRun[] } | { ok: false; errors: readonly string[] }>

/** What one transaction stores well within a second. */
const runsMax = 10_000
/** As Datadog's: 10 KB of message, of which people read the beginning. */
const messageCharsMax = 10_000
/** Names stand in queries between quotes. */
const checkName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^"\\\n]*$/, 'a name has no quotes, backslashes or line breaks')

const run = z.strictObject({
  check: checkName,
  status: z.literal([0, 1, 2, 3], 'expected 0 (ok), 1 (warning), 2 (critical) or 3 (unknown)'),
  host_name: text.nullish(),
  /** Some clients write it without the underscore. */
  hostname: text.nullish(),
  timestamp: z.number().nullish(),
  message: z.string().max(messageCharsMax).nullish(),
  tags: z.array(text).max(tagsMax).nullish(),
})

const list = z.array(run).min(1).max(runsMax)
const single = run.transform((one) => [one])
/** What is posted: one run, or a list of them. */
export const checksBody = z.union([run, list])
/** As many sentences as a person reads. */
const errorsMax = 20

/** A run without a time is one of now. */
export function parseChecks(posted: unknown, nowMs: number, keptDays: number): ParsedChecks {
  const parsed = (Array.isArray(posted) ? list : single).safeParse(posted)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, posted) }
  const errors: string[] = []
  const runs = parsed.data.map((one, index): CheckRun => {
    const place = parsed.data.length === 1 ? '' : `${index}.`
    const tags = normaliseTags([...(one.tags ?? []), ...tagOf('host', one.host_name ?? one.hostname)])
    if (!tags.ok) errors.push(`${place}tags: ${tags.reason}`)
    const atMs = one.timestamp === undefined || one.timestamp === null ? nowMs : Math.round(one.timestamp * 1_000)
    const issue = timeIssue(atMs, nowMs, keptDays, 'check runs')
    if (issue !== null) errors.push(`${place}timestamp: ${issue}`)
    return { check: one.check, tags: tags.ok ? tags.tags : [], atMs, status: one.status, message: one.message ?? '' }
  })
  return errors.length > 0 ? { ok: false, errors: errors.slice(0, errorsMax) } : { ok: true, runs }
}
