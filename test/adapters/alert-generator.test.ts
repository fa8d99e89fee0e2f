/**
 * In the place of Prometheus' rule manager: the same rule file and the same data in a real Prometheus and here, evaluated as of the same
 * moments, come to the same series of `ALERTS`, the same rules and alerts in the API, and the same alerts posted to an Alertmanager.
 * What takes minutes in both (told again each minute, and for a quarter of an hour after the end) is in test/adapters/notifier-alertmanager.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fixedSources } from '../../activities/fixed-sources.ts'
import type { NotificationSubject } from '../../activities/notification-ports.ts'
import { promqlDatasource } from '../../adapters/datasources/prometheus/promql.ts'
import { templateQueries } from '../../adapters/datasources/template-query.ts'
import { request } from '../../adapters/http/fetch.ts'
import { alertmanagerNotifier } from '../../adapters/notifiers/alertmanager.ts'
import { alertSeries } from '../../adapters/postgres/alert-series.ts'
import { convertRules } from '../../cli/import/prometheus-rules.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { type Api, startApi } from '../api/harness.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { caseMs, caseRules, caseSamples } from '../support/alert-cases.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { openHttpSource } from '../support/open-source.ts'
import { hasPrometheus } from '../support/prometheus.ts'
import { startWritablePrometheus, type WritablePrometheus, writerTo } from '../support/remote-write.ts'
import { ruleRunner } from '../support/rule-runner.ts'
import { until } from '../support/until.ts'

const texts = z.record(z.string(), z.string())
const time = z.string().transform((text) => Date.parse(text))
const ruleList = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        interval: z.number(),
        rules: z.array(
          z.object({
            name: z.string(),
            query: z.string(),
            state: z.string(),
            duration: z.number(),
            keepFiringFor: z.number(),
            labels: texts,
            annotations: texts,
            health: z.string(),
            type: z.string(),
            alerts: z.array(z.object({ labels: texts, annotations: texts, state: z.string(), activeAt: time, value: z.string() })),
          }),
        ),
      }),
    ),
  }),
})
const posted = z.array(z.object({ labels: texts, annotations: texts.default({}), startsAt: time, endsAt: time }))

/** Rule → how it was, each time that it was another way. */
type Courses = Map<string, string[]>
function note(courses: Courses, body: unknown): void {
  for (const { name: group, interval, rules } of ruleList.parse(body).data.groups) {
    for (const { name, alerts, ...rule } of rules) {
      const sorted = alerts.map((alert) => canonical(alert)).sort()
      const now = canonical({ ...rule, interval, alerts: sorted })
      const course = courses.get(`${group} ${name}`) ?? []
      if (course.at(-1) !== now) courses.set(`${group} ${name}`, [...course, now])
    }
  }
}

/** The same text for the same content. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

describe.runIf(hasPrometheus)('beside Prometheus', () => {
  let api: Api
  let theirs: WritablePrometheus
  let ours: WritablePrometheus
  let theirPosts: HookServer
  let ourPosts: HookServer
  const theirCourses: Courses = new Map()
  const ourCourses: Courses = new Map()
  let endMs = 0

  beforeAll(async () => {
    ;[api, ours, theirPosts, ourPosts] = await Promise.all([
      startApi(),
      startWritablePrometheus(),
      startHookServer(answer(200)),
      startHookServer(answer(200)),
    ])
    theirs = await startWritablePrometheus(caseRules, new URL(theirPosts.url).host)
    // Its first evaluations write no series: it waits for what it may have to restore.
    await until('Prometheus to write ALERTS', async () => (await theirs.query('ALERTS{alertname="Clock"}', Date.now())).length === 4)
    // All data of the time to come, so that none is late.
    const startMs = Date.now() + 500
    endMs = startMs + caseMs
    await Promise.all([theirs, ours].map((prometheus) => prometheus.write(caseSamples(startMs))))
    await until(
      'the last second',
      async () => {
        note(theirCourses, await (await fetch(`${theirs.url}/api/v1/rules`)).json())
        return Date.now() > endMs
      },
      caseMs + 30_000,
    )
    await runOurs(startMs)
  })
  afterAll(async () => {
    await Promise.all([api, theirs, ours, theirPosts, ourPosts].map((one) => one?.close()))
  })

  /** The same moments, one group after the other in each. */
  async function runOurs(startMs: number): Promise<void> {
    const settings = {
      prefix: '',
      datasource: null,
      notify: '',
      tags: [],
      intervalS: 60,
      externalLabels: { region: 'eu' },
      externalUrl: null,
    }
    const { monitors } = convertRules(caseRules, 'rules.yml', settings, (key) => key)
    const subjects = new Map<number, NotificationSubject>()
    for (const { body } of monitors) {
      const created = (await api.send('POST', '/api/v1/monitor', body)).body
      subjects.set(created.id, { ...created, monitorId: created.id, version: 1 })
    }
    const groups = Map.groupBy([...subjects.keys()], (id) => JSON.parse(JSON.stringify(subjects.get(id))).options.prometheus.group)
    const writer = writerTo(ours.target)
    const under: Promise<void>[] = []
    const target = {
      idle: writer.idle,
      push: (samples: Parameters<typeof writer.push>[0], answered: () => void) => {
        under.push(new Promise((resolve) => writer.push(samples, () => resolve(answered()))))
      },
    }
    // What one rule wrote is there when the next one is evaluated.
    const series = alertSeries(api.pool, target, { warn: () => {} })
    const awaited = {
      ...series,
      write: async (evaluated: Parameters<typeof series.write>[0]) => {
        await series.write(evaluated)
        await Promise.all(under)
      },
    }
    const runner = ruleRunner(api.pool, ours.url, { series: awaited, aligned: true })
    const post = poster(subjects)
    for (const [group, ids] of groups) {
      for (const slot of await momentsOf(group, startMs)) {
        for (const { monitorId, transition } of await runner.evaluate(ids, slot)) await post(monitorId, transition)
        note(ourCourses, (await api.send('GET', `/prometheus/api/v1/rules?rule_group[]=${group}`)).body)
      }
    }
    await writer.close()
    expect(writer.counts).toMatchObject({ failed: 0, dropped: 0 })
  }

  /** When Prometheus evaluated a group. */
  async function momentsOf(group: string, startMs: number): Promise<number[]> {
    const [found] = await theirs.query(`ALERTS{alertname="Clock",of="${group}"}[1h]`, endMs)
    return (found?.values ?? []).map(([at]) => Math.round(at * 1_000)).filter((at) => at >= startMs - 1_000)
  }

  /** As the lane of a receiver does, with the slot as the time. */
  function poster(subjects: ReadonlyMap<number, NotificationSubject>) {
    let nowMs = 0
    const { find } = fixedSources([promqlDatasource(openHttpSource({ kind: 'prometheus', config: { url: ours.url } }))])
    const notifier = alertmanagerNotifier(() => nowMs, request, templateQueries(find))
    const receiver = {
      name: 'am',
      kind: 'alertmanager',
      config: { urls: [ourPosts.url.replace(/\/hook$/, '')] },
      policy: { timeoutMs: 10_000 },
    }
    const references = new Map<string, Readonly<Record<string, string>>>()
    return async (monitorId: number, transition: Transition) => {
      if (!transition.notify.send) return
      nowMs = transition.slot
      const subject = subjects.get(monitorId)
      if (subject === undefined) throw new Error(`no monitor ${monitorId}`)
      const key = `${monitorId} ${transition.group}`
      const receipt = await notifier.deliver(
        outgoingMessage({
          subject,
          transition,
          transitions: [transition],
          episode: { key, reference: references.get(key) ?? null, othersOpen: 0 },
        }),
        receiver,
      )
      expect(receipt.kind).toBe('delivered')
      if (receipt.kind === 'delivered' && receipt.reference !== undefined) references.set(key, receipt.reference)
    }
  }
  const samplesOf = async (prometheus: WritablePrometheus, metric: string): Promise<string[]> => {
    // Theirs fired before the data began.
    const found = await prometheus.query(`${metric}{alertname!="Clock"}[1h]`, endMs)
    return found.map(({ metric: labels, values = [] }) => `${canonical(labels)} ${values.length}: ${canonical(values)}`).sort()
  }
  /**
   * What was told of until the end. Of what is over annotations are left out: Prometheus keeps those of the last evaluation before, here they
   * are made of the value that it fired with, as labels are.
   */
  const alertsPosted = (server: HookServer): string[] => {
    const all = server.hooks().flatMap(({ body }) => posted.parse(JSON.parse(body)))
    const told = all.filter(({ labels, startsAt }) => labels.alertname !== 'Clock' && startsAt < endMs)
    const comparable = told.map((alert) => canonical({ ...alert, annotations: alert.endsAt > endMs ? alert.annotations : null }))
    return [...new Set(comparable)].sort()
  }

  test.each(['ALERTS', 'ALERTS_FOR_STATE'])('the samples of %s are the same, to the millisecond', async (metric) => {
    const [expected, actual] = await Promise.all([samplesOf(theirs, metric), samplesOf(ours, metric)])
    expect(expected.length).toBeGreaterThan(8)
    expect(actual).toEqual(expected)
  })

  test('what fires is the same to whoever asks at any moment', async () => {
    for (let atMs = endMs - caseMs; atMs <= endMs; atMs += 250) {
      const [expected, actual] = await Promise.all(
        [theirs, ours].map((one) => one.query('{__name__=~"ALERTS.*",alertname!="Clock"}', atMs)),
      )
      const written = (series: typeof expected) => series?.map(({ metric, value }) => `${canonical(metric)} ${value?.[1]}`).sort()
      expect(written(actual), String(atMs)).toEqual(written(expected))
    }
  })

  test('rules and their alerts were as Prometheus had them', () => {
    expect([...ourCourses.keys()].sort()).toEqual([...theirCourses.keys()].sort())
    for (const [rule, course] of theirCourses) {
      if (rule.endsWith('Clock')) continue
      // A look may have missed something that lasted for a second; what was seen comes in the same order.
      let at = 0
      for (const state of ourCourses.get(rule) ?? []) if (state === course[at]) at += 1
      expect(course.slice(at), rule).toEqual([])
    }
  })

  test('an Alertmanager is posted the same alerts, with the same beginnings and ends', () => {
    expect(alertsPosted(ourPosts).length).toBeGreaterThan(8)
    expect(alertsPosted(ourPosts)).toEqual(alertsPosted(theirPosts))
  })
})
