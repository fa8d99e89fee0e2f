import { join } from 'node:path'
import { z } from 'zod'
import { type CheckResult, found, root, runTool } from './result.ts'

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }), comment: z.string().optional() }).loose(),
    ),
  }),
})

/** With the wrong parser the tool reads nothing and finds nothing wrong: fewer modules than this is a failure. */
const modulesMin = 100

/** The import rules of ARCHITECTURE.md, as .dependency-cruiser.mjs writes them down. `folder`: a tree laid out like this one. */
export async function checkLayers(folder: string = root, atLeast: number = modulesMin): Promise<CheckResult> {
  const config = join(root, '.dependency-cruiser.mjs')
  const { output, errors } = await runTool('depcruise', ['--config', config, '--output-type', 'json', '.'], folder)
  const parsed = report.safeParse(parseJson(output))
  if (!parsed.success) return { ok: false, details: `dependency-cruiser gave no report: ${errors || output.slice(0, 500)}` }
  const { totalCruised, violations } = parsed.data.summary
  if (totalCruised < atLeast) return { ok: false, details: `only ${totalCruised} modules were looked at: is the parser installed?` }
  return found(
    violations.map(({ from, to, rule, comment }) => `${from} → ${to}\n    ${rule.name}: ${comment ?? ''}`),
    `${totalCruised} modules`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
