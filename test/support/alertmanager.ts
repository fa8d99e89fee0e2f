/** The real Alertmanager (Debian package prometheus-alertmanager), which sends all it is told of to a webhook. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { temporaryFolder } from './folder.ts'
import { startJudge } from './judge.ts'

export const hasAlertmanager = spawnSync('prometheus-alertmanager', ['--version']).status === 0
if (!hasAlertmanager) console.log('Alertmanager is not installed (Debian package prometheus-alertmanager): it does not judge this run')

const texts = z.record(z.string(), z.string())
const alert = z.object({
  labels: texts,
  annotations: texts,
  startsAt: z.string(),
  endsAt: z.string(),
  generatorURL: z.string().optional(),
  status: z.object({ state: z.string() }),
})
export type SeenAlert = z.infer<typeof alert>

export type AlertmanagerServer = Readonly<{
  url: string
  /** What fires, as its API says. */
  active: () => Promise<readonly SeenAlert[]>
  close: () => Promise<void>
}>

export async function startAlertmanager(webhookUrl: string): Promise<AlertmanagerServer> {
  const folder = temporaryFolder()
  writeFileSync(join(folder.path, 'alertmanager.yml'), stringify(configuration(webhookUrl)))
  const args = ['--config.file=alertmanager.yml', '--storage.path=data', '--cluster.listen-address=']
  const { url, close } = await startJudge('Alertmanager', 'prometheus-alertmanager', args, folder)
  return {
    url,
    active: async () => z.array(alert).parse(await (await fetch(`${url}/api/v2/alerts?active=true`)).json()),
    close,
  }
}

/** A routing tree as people have them: by severity; what is no page or warning goes nowhere. */
function configuration(url: string): unknown {
  const webhook = (name: string) => ({ name, webhook_configs: [{ url: `${url}/${name}`, send_resolved: true }] })
  return {
    route: {
      receiver: 'nobody',
      group_by: ['alertname'],
      group_wait: '100ms',
      group_interval: '1s',
      repeat_interval: '1h',
      routes: [
        { receiver: 'pager', matchers: ['severity="critical"'] },
        { receiver: 'chat', matchers: ['severity="warning"'] },
      ],
    },
    receivers: [{ name: 'nobody' }, webhook('pager'), webhook('chat')],
  }
}
