/** The real Prometheus (Debian package prometheus) over series that are known beforehand. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../cli/up/port.ts'
import type { SeriesWorld } from '../conformance/series-source.ts'
import { temporaryFolder } from './folder.ts'
import { until } from './until.ts'

export const hasPrometheus = ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0)
if (!hasPrometheus) console.log('Prometheus is not installed (Debian package prometheus): it does not judge this run')

export type PrometheusServer = Readonly<{ url: string; close: () => Promise<void> }>

export async function startPrometheus(world: SeriesWorld): Promise<PrometheusServer> {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  writeFileSync(join(folder.path, 'world.om'), openMetrics(world))
  writeFileSync(join(folder.path, 'prometheus.yml'), 'scrape_configs: []\n')
  const made = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', 'world.om', data], {
    cwd: folder.path,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`promtool: ${made.stderr}`)
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      ...['--config.file=prometheus.yml', `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=100y'],
      ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    ],
    { cwd: folder.path, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const url = `http://127.0.0.1:${port}`
  await until('Prometheus to be ready', () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return {
    url,
    close: async () => {
      await ended(child)
      folder.remove()
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
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
