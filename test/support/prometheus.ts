/** The real Prometheus (Debian package prometheus) over series that are known beforehand. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeriesWorld } from '../conformance/series-source.ts'
import { temporaryFolder } from './folder.ts'
import { type Judge, startJudge } from './judge.ts'

export const hasPrometheus = ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0)
if (!hasPrometheus) console.log('Prometheus is not installed (Debian package prometheus): it does not judge this run')

export async function startPrometheus(world: SeriesWorld): Promise<Judge> {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  writeFileSync(join(folder.path, 'world.om'), openMetrics(world))
  writeFileSync(join(folder.path, 'prometheus.yml'), 'scrape_configs: []\n')
  const made = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', 'world.om', data], {
    cwd: folder.path,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`promtool: ${made.stderr}`)
  const args = ['--config.file=prometheus.yml', `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=100y']
  return startJudge('Prometheus', 'prometheus', args, folder)
}

/** Names by the rule `underscores`. A tag without a value is a label with the value `true`. */
function openMetrics(world: SeriesWorld): string {
  const metrics = [...new Set(world.map(({ metric }) => metric))]
  const families = metrics.map((metric) => {
    const name = metric.replace(/[^A-Za-z0-9_]/g, '_')
    const lines = world
      .filter((one) => one.metric === metric)
      .flatMap(({ tags, points }) =>
        [...points]
          .sort((one, other) => one.atMs - other.atMs)
          .map(({ atMs, value }) => `${name}{${labels(tags)}} ${value} ${(atMs / 1_000).toFixed(3)}\n`),
      )
    return `# TYPE ${name} gauge\n${lines.join('')}`
  })
  return `${families.join('')}# EOF\n`
}

function labels(tags: readonly string[]): string {
  return tags
    .map((tag) => {
      const [key = '', ...value] = tag.split(':')
      return `${key.replace(/[^A-Za-z0-9_]/g, '_')}=${JSON.stringify(value.length === 0 ? 'true' : value.join(':'))}`
    })
    .join(',')
}
