/** Routes as notification rules: whom they tell is whom Alertmanager tells, by its own `amtool`; and what is left out. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { convertAlertmanager } from '../../cli/import/alertmanager.ts'
import { ruleCreation } from '../../contract/notification-rule.ts'
import { ruleShares } from '../../core/notification-rules/match.ts'
import { prepareRule } from '../../core/notification-rules/rule.ts'
import { temporaryFolder } from '../support/folder.ts'

const hasAmtool = spawnSync('amtool', ['--version']).status === 0
if (!hasAmtool) console.log('amtool is not installed (Debian package prometheus-alertmanager): it does not judge this run')

const folder = temporaryFolder()
afterAll(folder.remove)

const receivers = ['default', 'dba', 'pager', 'web', 'night', 'nobody'].map((name) =>
  name === 'nobody' ? `- { name: ${name} }` : `- { name: ${name}, webhook_configs: [{ url: "http://127.0.0.1/${name}" }] }`,
)
const config = (route: string): string => `route:\n${route}\nreceivers:\n${receivers.join('\n')}\n`

const trees: readonly (readonly [string, string])[] = [
  ['one for all', '  receiver: default'],
  [
    'the first that matches takes it',
    `  receiver: default
  routes:
  - { receiver: pager, match: { severity: critical } }
  - { receiver: dba, matchers: ['team=~"db|sql.*"'] }
  - { receiver: web, matchers: ['team=web', 'env!="dev"'] }`,
  ],
  [
    'one that goes on, and deeper ones',
    `  receiver: default
  routes:
  - { receiver: night, matchers: ['severity=~"critical|warning"'], continue: true }
  - receiver: dba
    match_re: { team: 'db.*' }
    routes:
    - { receiver: pager, matchers: ['severity="critical"', 'env=prod'], continue: true }
    - { receiver: nobody, matchers: ['env=~"dev|test"'] }
  - matchers: ['team="web"']
    routes:
    - { receiver: web, matchers: ['env=~".+"'] }`,
  ],
  [
    'labels that are or aren’t there',
    `  receiver: default
  routes:
  - { receiver: nobody, matchers: ['team=""'] }
  - { receiver: web, matchers: ['env!~"prod|dev"'] }
  - { receiver: dba, matchers: ['{team!=web, severity=~".*"}'] }`,
  ],
]

const labelSets = ['critical', 'warning', ''].flatMap((severity) =>
  ['db', 'sqlite', 'web', ''].flatMap((team) => ['prod', 'dev', ''].map((env) => ({ severity, team, env }))),
)

describe.runIf(hasAmtool)('beside amtool', () => {
  test.each(trees)('%s', (name, route) => {
    const file = join(folder.path, `${name.replaceAll(/\W/g, '')}.yml`)
    writeFileSync(file, config(route))
    const { rules, leftOut } = convertAlertmanager(parse(config(route)), 'am.yml', '')
    expect(leftOut).toEqual([])
    const prepared = rules.map(({ key, body }) => {
      const { attributes } = ruleCreation.parse({ data: { attributes: body } }).data
      const recipients = { kind: 'always', recipients: attributes.recipients ?? [] } as const
      return prepareRule(key, { name: key, filter: { kind: 'scope', scope: attributes.filter.scope ?? '' }, recipients, bundleS: null })
    })
    for (const labels of labelSets) {
      const given = Object.entries(labels).flatMap(([label, value]) => (value === '' ? [] : ([[label, value]] as const)))
      const { stdout, stderr, status } = spawnSync(
        'amtool',
        ['config', 'routes', 'test', `--config.file=${file}`, ...given.map(([label, value]) => `${label}=${value}`)],
        { encoding: 'utf8' },
      )
      expect(status, stderr).toBe(0)
      const theirs = stdout
        .trim()
        .split(',')
        .filter((receiver) => receiver !== 'nobody')
      const told = { tags: given.map(([label, value]) => `${label}:${value}`), priority: null }
      const ours = ruleShares(prepared, told, { group: '*', from: 'OK', to: 'Alert', reason: 'threshold-crossed' })
      expect([...new Set(ours.flatMap(({ recipients }) => recipients))].sort(), JSON.stringify(labels)).toEqual([...new Set(theirs)].sort())
    }
  })
})

test.each([
  ['group_by: [host]', [], 'group_by: each monitor tells by itself; its `notify_by` gathers its groups (host)'],
  ['repeat_interval: 4h', [], 'repeat_interval: monitors say how often they repeat (`renotify_interval`)'],
  ['mute_time_intervals: [night]', [], 'mute_time_intervals: plan a downtime by rules'],
  ['routes: [{ receiver: x }]', ['there is no receiver x'], null],
  [
    'routes: [{ receiver: web, matchers: [\'a=~"b[0-9]+"\'] }]',
    [expect.stringContaining('a=~"b[0-9]+" can’t be said as a scope')],
    'also tells of what the routes take that were left out',
  ],
  [
    'routes: [{ receiver: web, matchers: ["what?"] }]',
    [expect.stringContaining('what? can’t be said as a scope')],
    'also tells of what the routes take that were left out',
  ],
])('said line by line: %s', (line, leftOut, note) => {
  const converted = convertAlertmanager(parse(config(`  receiver: default\n  ${line}`)), 'am.yml', '')
  expect(converted.leftOut.map(({ text }) => text)).toEqual(leftOut)
  expect(converted.notes.map(({ text }) => text)).toEqual(note === null ? [] : [note])
})

test.each([
  ['', { duration: 300 }],
  ['group_interval: 2m', { duration: 120 }],
  ['group_by: ["..."]', undefined],
  ['group_by: [host]', undefined],
])('what is one group there is gathered here: %s', (line, expected) => {
  const { rules } = convertAlertmanager(parse(config(`  receiver: default\n  ${line}`)), 'am.yml', '')
  expect(rules.map(({ body }) => body.bundle_config)).toEqual([expected])
})
