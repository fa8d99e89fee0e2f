/** The real Prometheus, which scrapes itself each second and evaluates a rule file, where there is one. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { freePort } from '../../cli/up/port.ts'
import { temporaryFolder } from './folder.ts'
import { startJudge } from './judge.ts'
import { until } from './until.ts'

export type LivePrometheus = Readonly<{ url: string; get: (path: string) => Promise<unknown>; close: () => Promise<void> }>

export async function startLivePrometheus(rules: unknown = null, flags: readonly string[] = []): Promise<LivePrometheus> {
  const folder = temporaryFolder()
  const port = await freePort()
  const scrape = { job_name: 'prometheus', scrape_interval: '1s', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }
  const config = {
    global: { evaluation_interval: '1s', external_labels: { region: 'eu' } },
    scrape_configs: [scrape],
    ...(rules === null ? {} : { rule_files: ['rules.yml'] }),
  }
  writeFileSync(join(folder.path, 'prometheus.yml'), stringify(config))
  if (rules !== null) writeFileSync(join(folder.path, 'rules.yml'), stringify(rules))
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--web.external-url=http://prom.example.com']
  const { url, close } = await startJudge('Prometheus', 'prometheus', [...args, '--web.route-prefix=/', ...flags], folder, port)
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json()
  await until('Prometheus to have scraped itself', async () => JSON.stringify(await get('/api/v1/query?query=up')).includes('"1"'))
  return {
    url,
    get,
    close,
  }
}
