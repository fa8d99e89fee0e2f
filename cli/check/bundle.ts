import { relative } from 'node:path'
import { z } from 'zod'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { type CheckResult, found, root } from './result.ts'

/** What may be in a workflow: our two pure folders, Temporal, and what Temporal itself brings. */
const allowed = [
  /^core\//,
  /^workflows\//,
  /^node_modules\/@temporalio\/(common|workflow|worker)\//,
  /^node_modules\/(ms|long|nexus-rpc)\//,
  /^webpack\//,
  // Places where Temporal's bundler would put converters of our own; there are none.
  /^ignored\|.*__temporal_custom_(payload|failure)_converter$/,
]

/**
 * Bytes of the bundle without its source map: 612 KB when the limit was set, 510 of them Temporal's own, and a fifth to grow; 25 more for
 * acknowledging, causes and flapping, 10 for what waits while PostgreSQL is away.
 * Every Worker's thread compiles all of it, and every cached workflow pays for what its module state holds.
 */
export const bundleMaxBytes = 790_000

const sourceMap = z.object({ sources: z.array(z.string()) })

/** What is in the bundle that every worker runs, and how large it is. */
export async function checkBundle(): Promise<CheckResult> {
  const { code } = await bundleWorkflows()
  const mark = code.lastIndexOf('//# sourceMappingURL=')
  const { sources } = sourceMap.parse(JSON.parse(Buffer.from(code.slice(code.indexOf('base64,', mark) + 7), 'base64').toString()))
  const bytes = Buffer.byteLength(code.slice(0, mark))
  return judgeBundle(sources.map(pathOf), bytes)
}

/** `paths`: relative to the root. */
export function judgeBundle(paths: readonly string[], bytes: number): CheckResult {
  const foreign = paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))
  const findings = foreign.map((path) => `${path}: a workflow bundle holds core, workflows and @temporalio only; do it in an activity`)
  if (!paths.some((path) => path.startsWith('core/'))) findings.push('nothing of core is in the bundle: was the right file bundled?')
  if (bytes > bundleMaxBytes) findings.push(`${bytes} bytes, above ${bundleMaxBytes}: what came in? (cli/check/bundle.ts has the limit)`)
  return found(findings, `${Math.round(bytes / 1_000)} of ${bundleMaxBytes / 1_000} KB, ${paths.length} modules`)
}

function pathOf(source: string): string {
  return source.startsWith('/') ? relative(root, source) : source
}
