import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { leanDefinition } from '../../../contract/lean.ts'
import { parseDefinition } from '../../../contract/parse.ts'
import { quoted } from '../../../core/export/hcl.ts'
import { terraformOf } from '../../../core/export/terraform.ts'

/** Where there is no terraform, what it would say isn't known; the texts are compared all the same. */
const terraform = spawnSync('terraform', ['version']).status === 0
if (!terraform) console.log('terraform is not installed: its formatter judges nothing here')
const formatted = (text: string): string => {
  const done = spawnSync('terraform', ['fmt', '-'], { input: text, encoding: 'utf8' })
  expect(done.status, done.stderr).toBe(0)
  return done.stdout
}

const query = 'avg(last_5m):max:shop.queue.length{env:prod} by {queue} > 40'
const whole = {
  type: 'query alert',
  name: 'Queue "mail" is long',
  query,
  message: `{{#is_alert}}\n  \${value} %{x} \\ of {{queue.name}}\n{{/is_alert}}\n\n@log`,
  tags: ['team:shop', 'env:prod'],
  priority: 2,
  options: {
    thresholds: { critical: 40, warning: 30, critical_recovery: 20 },
    renotify_interval: 60,
    renotify_statuses: ['alert'],
    notify_by: ['queue'],
    hold: 120,
    scheduling_options: { evaluation_window: { day_starts: '04:00', timezone: 'Europe/Berlin' } },
  },
}

test('a monitor becomes a resource, with what the provider has no word for in comments', () => {
  expect(terraformOf([{ id: 7, definition: whole }])).toBe(String.raw`# terraform import datadog_monitor.queue_mail_is_long 7
# The provider has no option hold: 120
resource "datadog_monitor" "queue_mail_is_long" {
  name              = "Queue \"mail\" is long"
  type              = "query alert"
  query             = "avg(last_5m):max:shop.queue.length{env:prod} by {queue} > 40"
  priority          = "2"
  tags              = ["team:shop", "env:prod"]
  renotify_interval = 60
  renotify_statuses = ["alert"]
  notify_by         = ["queue"]

  message = <<-EOT
    {{#is_alert}}
      $${'$'}{value} %%{x} \ of {{queue.name}}
    {{/is_alert}}

    @log
  EOT

  monitor_thresholds {
    critical          = 40
    critical_recovery = 20
    warning           = 30
  }

  scheduling_options {
    evaluation_window {
      day_starts = "04:00"
      timezone   = "Europe/Berlin"
    }
  }
}
`)
})

test('equal names have their ids behind, and any name is one that Terraform takes', () => {
  const named = (id: number, name: string) => ({ id, definition: { ...whole, name } })
  const text = terraformOf([named(1, 'Load'), named(2, 'load!'), named(3, '5xx'), named(4, '警报')])
  expect([...text.matchAll(/^resource "datadog_monitor" "(.*)"/gm)].map(([, name]) => name)).toEqual([
    'load_1',
    'load_2',
    'monitor_5xx',
    'monitor',
  ])
})

test.each([
  ['a type of ours', { ...whole, type: 'sql alert' }, 'The provider doesn’t know the type sql alert'],
  [
    'metrics of a formula',
    { ...whole, options: { variables: [{ data_source: 'metrics', name: 'a' }] } },
    'The provider has no such variable',
  ],
])('%s is told', (_, definition, sentence) => {
  expect(terraformOf([{ id: 1, definition }])).toContain(sentence)
})

describe('texts that mean something to Terraform', () => {
  test.each([
    ['quotes', 'a "b"', String.raw`"a \"b\""`],
    ['a backslash', String.raw`a\b`, String.raw`"a\\b"`],
    ['interpolation', `\${a} %{b} $ %`, `"$\${a} %%{b} $ %"`],
    ['controls', '\u0001\t\r', String.raw`"\u0001\t\r"`],
  ])('%s are written so that it reads them back', (_, text, expected) => {
    expect(quoted(text)).toBe(expected)
  })

  test('a line that would end the text doesn’t', () => {
    const text = terraformOf([{ id: 1, definition: { ...whole, message: 'a\nEOT\nb' } }])
    expect(text).toContain('<<-EOT_\n    a\n    EOT\n    b\n  EOT_\n')
  })
})

const corpus = '/work/shared/corpus/datadog-monitors.jsonl'
test.skipIf(!terraform)('Terraform reads all of it, and its formatter changes nothing', () => {
  const read = existsSync(corpus)
    ? readFileSync(corpus, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line))
    : []
  if (read.length === 0) console.log('no corpus of monitors: one is formatted')
  const bodies = read.map((one) => (typeof one === 'object' && one !== null && 'monitor' in one ? one.monitor : one))
  const monitors = [
    { id: 1, definition: whole },
    ...bodies.flatMap((body, n) => {
      const parsed = parseDefinition(body)
      return parsed.ok ? [{ id: n + 2, definition: leanDefinition(parsed.value) }] : []
    }),
  ]
  if (read.length > 0) expect(monitors.length).toBeGreaterThan(100)
  const text = terraformOf(monitors)
  expect(formatted(text)).toBe(text)
})
