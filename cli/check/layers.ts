import { join } from 'node:path'
import { z } from 'zod'
import { type CheckResult, found, root, runTool } from './result.ts'

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }).loose()),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string() }).loose()) }).loose(),
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
  const { totalCruised, violations, ruleSetUsed } = parsed.data.summary
  const comments = new Map(ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]))
  if (totalCruised < atLeast) return { ok: false, details: `only ${totalCruised} modules were looked at: is the parser installed?` }
  return found(
    violations.map(({ from, to, rule }) => `${from} → ${to}\n    ${rule.name}: ${comments.get(rule.name) ?? ''}`),
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
