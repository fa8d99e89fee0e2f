/** What the server says about definitions that are to be written, before anything is. Read next: plan.ts. */
import { errorsOf, type HttpClient } from '../http.ts'
import { inParallel } from '../parallel.ts'
import type { Terminal } from '../terminal.ts'
import { withIds } from './members.ts'
import type { Change, Plan } from './plan.ts'
import type { PresentState } from './present.ts'

/** Checks take a millisecond or two each. */
const sideBySide = 8

type Said = Readonly<{ errors: readonly string[]; warnings: readonly string[] }>
/** `refused`: the changes that have errors. */
export type Checked = Said & Readonly<{ refused: ReadonlySet<Change> }>

/** Sentences with their places. A monitor that names others which aren't there yet is left to the server when it is written. */
export async function checkPlan(plan: Plan, present: PresentState, server: HttpClient, terminal: Terminal): Promise<Checked> {
  const due = plan.changes.filter(({ kind, action }) => kind === 'monitor' && (action === 'create' || action === 'update'))
  const ids = new Map(present.monitors.map(({ key, id }) => [key, id]))
  const errors: string[] = []
  const refused = new Set<Change>()
  const warnings: string[] = []
  let checked = 0
  await inParallel(due, sideBySide, async (change) => {
    const said = await checkOne(change, ids, server)
    if (said.errors.length > 0) refused.add(change)
    errors.push(...said.errors)
    warnings.push(...said.warnings)
    checked += 1
    terminal.progress(`${checked} of ${due.length} checked`)
  })
  terminal.progress(null)
  return { errors: errors.sort(), warnings: warnings.sort(), refused }
}

async function checkOne({ key, place, body }: Change, ids: ReadonlyMap<string, number>, server: HttpClient): Promise<Said> {
  const { body: resolved, missing } = withIds({ key, place: place ?? '', body }, ids)
  if (missing.length > 0) return { errors: [], warnings: [] }
  const answer = await server.request('POST', '/api/v1/monitor/validate', resolved)
  if (answer.status >= 300) return { errors: [`${place}: ${errorsOf(answer)}`], warnings: [] }
  return { errors: [], warnings: warningsIn(answer.body).map((warning) => `${place}: ${warning}`) }
}

function warningsIn(body: unknown): string[] {
  const found = typeof body === 'object' && body !== null && 'warnings' in body ? body.warnings : []
  return Array.isArray(found) ? found.map(String) : []
}
