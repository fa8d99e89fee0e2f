import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parser } from '@prometheus-io/lezer-promql'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Metrics that the code makes, by the names they are scraped under. */
export function metricsOfCode(): string[] {
  const files = globSync('telemetry/*.ts', { cwd: root })
  return files.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/'(tocsin_[a-z_]+)'/g)].map(([, name = '']) => name))
}

/** Names of metrics that a PromQL expression asks for, parts of histograms by the name of the whole. Throws where it is no PromQL. */
export function metricsAsked(expression: string): string[] {
  const names: string[] = []
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`)
      if (type.name === 'Identifier' && expression.slice(from, to).startsWith('tocsin')) names.push(expression.slice(from, to))
    },
  })
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''))
}
