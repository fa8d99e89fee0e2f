import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadTemporalConfig, taskQueues } from '../../temporal.config.ts'
import { metricsAsked, metricsOfCode } from '../support/telemetry-names.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const rule = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const file = z.object({ groups: z.array(z.looseObject({ name: z.string(), rules: z.array(rule) })) })
const rules = file.parse(parse(read('deploy/prometheus/tocsin.rules.yml'))).groups.flatMap((group) => group.rules)
const alerts = rules.flatMap(({ alert, ...rest }) => (alert === undefined ? [] : [{ alert, ...rest }]))
const recorded = rules.flatMap(({ record }) => (record === undefined ? [] : [record]))
const known = new Set([...metricsOfCode(), ...recorded])

const promtool = spawnSync('promtool', ['--version']).status === 0
if (!promtool) console.log('promtool is not installed (Debian package prometheus): the rules are not checked by it in this run')

test.runIf(promtool).each([
  ['check', 'rules', 'tocsin.rules.yml'],
  ['test', 'rules', 'tocsin.test.yml'],
])('promtool %s %s %s', (...words) => {
  const { status, stdout, stderr } = spawnSync('promtool', words, {
    cwd: new URL('../../deploy/prometheus/', import.meta.url),
    encoding: 'utf8',
  })
  expect(status, `${stdout}${stderr}`).toBe(0)
})

describe('rules', () => {
  test('there are some of both kinds', () => {
    expect(alerts.length).toBeGreaterThan(15)
    expect(recorded.length).toBeGreaterThan(3)
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
  })

  test.each(rules)('$alert$record asks for metrics that there are', ({ expr }) => {
    expect(metricsAsked(expr).filter((name) => !known.has(name))).toEqual([])
  })

  test.each(alerts)('$alert says how urgent it is, what happens, and where to read on', ({ alert, labels, annotations }) => {
    expect(['page', 'ticket', 'none']).toContain(labels?.severity)
    expect(annotations?.summary).toMatch(/\.$/)
    expect(annotations?.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
  })

  test('each alert is fired by the tests of promtool', () => {
    const tested = read('deploy/prometheus/tocsin.test.yml')
    expect(alerts.filter(({ alert }) => !tested.includes(`"${alert}"`) && !tested.includes(`alertname: ${alert}\n`))).toEqual([])
  })

  test('every task queue of a worker is watched', () => {
    const { expr } = alerts.find(({ alert }) => alert === 'TocsinQueueUnserved') ?? { expr: '' }
    const watched = [...expr.matchAll(/absent\(tocsin_queue_served\{queue="([^"]+)"\}\)/g)].map(([, queue]) => queue)
    const shards = loadTemporalConfig({}).cells[0].served.map(taskQueues.monitors)
    expect(watched).toEqual([...shards, taskQueues.notify, taskQueues.control])
  })
})

describe('runbook', () => {
  const sections = read('docs/runbook.md').split(/^### /m).slice(1)

  test('has a section for each alert, in their order, and no other', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(alerts.map(({ alert }) => alert))
  })

  test.each(sections)('says what it means, what to do and when it is over: %s', (section) => {
    for (const part of ['**Means:** ', '**Do:**', '**Over when:** ']) expect(section).toContain(part)
  })

  test('asks for metrics that there are', () => {
    const named = [...read('docs/runbook.md').matchAll(/\b(tocsin[_:][a-z0-9_:]+)/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(10)
    expect(named.map((name) => name.replace(/_(bucket|sum|count)$/, '')).filter((name) => !known.has(name))).toEqual([])
  })
})

describe('docs/metrics.md', () => {
  const rows = [...read('docs/metrics.md').matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)]
  const told = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))

  test('tells of each metric once, and of no other', () => {
    expect(told.length).toBeGreaterThan(20)
    expect(told.toSorted()).toEqual([...known].sort())
  })
})

describe('dashboard', () => {
  const target = z.object({ refId: z.string(), expr: z.string() })
  const panel = z.looseObject({
    id: z.number(),
    type: z.string(),
    title: z.string(),
    gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    targets: z.array(target).optional(),
  })
  const { panels } = z.looseObject({ panels: z.array(panel) }).parse(JSON.parse(read('deploy/grafana/tocsin.json')))
  const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
  // Grafana puts a duration in.
  const names = ({ expr }: Readonly<{ expr: string }>): string[] => metricsAsked(expr.replaceAll('$__rate_interval', '1m'))

  test.each(asked)('$title asks for metrics that there are', (one) => {
    expect(names(one)).not.toEqual([])
    expect(names(one).filter((name) => !known.has(name))).toEqual([])
  })

  test('shows every metric of the code', () => {
    // Lag is shown as the rules record it.
    const shown = new Set([...asked.flatMap(names), 'tocsin_schedule_lag_seconds'])
    expect(metricsOfCode().filter((name) => !shown.has(name))).toEqual([])
  })

  test('no panel lies on another, and each has an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })
})
