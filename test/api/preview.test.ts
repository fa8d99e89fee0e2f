import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type Json, rowCounts, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
  await api.send('POST', '/api/v1/integration/webhooks/configuration/webhooks', { name: 'ops', url: 'https://example.com/hook' })
})
afterAll(() => api?.close())

const path = '/api/v2/monitor/preview-notification'
const monitor = {
  type: 'query alert',
  name: 'Load of {{host.name}}',
  query: 'avg(last_5m):avg:load{*} by {host} > 90',
  message:
    '{{#is_alert}}{{value}} {{comparator}} {{threshold}} @webhook-ops{{/is_alert}}{{#is_recovery}}over @webhook-gone{{/is_recovery}}',
  options: { thresholds: { critical: 90, warning: 80, critical_recovery: 70 } },
}

const byTitle = (body: Json): Record<string, Json> =>
  Object.fromEntries(body.notifications.map((notification: Json) => [notification.transition, notification]))

describe('a preview', () => {
  test('shows each change of status, what it says and whom it tells', async () => {
    const answer = await api.send('POST', path, { monitor, tags: { host: 'web-1' }, value: 95.5 })
    expect(answer.status, answer.text).toBe(200)
    const shown = byTitle(answer.body)
    expect(Object.keys(shown)).toEqual([
      'Alert',
      'Re-Triggered',
      'Warn',
      'Alert to Warn',
      'No Data',
      'Recovered from Alert',
      'Recovered from Warn',
      'Recovered from No Data',
    ])
    expect(shown.Alert).toEqual({
      transition: 'Alert',
      from: 'OK',
      to: 'Alert',
      told: true,
      not_told_because: null,
      title: '[Triggered on {host:web-1}] Load of web-1',
      body: '95.5 > 90 @webhook-ops',
      handles: ['webhook-ops'],
      receivers: [
        { name: 'log', known: true, rules: [] },
        { name: 'webhook-ops', known: true, rules: [] },
      ],
      priority: null,
      query: monitor.query,
      footer: true,
      notes: [],
    })
    expect(shown['Recovered from Alert']).toMatchObject({
      title: '[Recovered on {host:web-1}] Load of web-1',
      body: 'over @webhook-gone',
      receivers: [
        { name: 'log', known: true, rules: [] },
        { name: 'webhook-gone', known: false, rules: [] },
      ],
    })
    expect(shown['Re-Triggered']).toMatchObject({ told: false, not_told_because: 'Nothing is repeated: set renotify_interval.' })
    expect(shown['No Data']).toMatchObject({ told: false, title: '[No Data on {host:web-1}] Load of web-1', body: '' })
  })

  test('takes thresholds and an example of each tag where nothing is given', async () => {
    const shown = byTitle((await api.send('POST', path, { monitor })).body)
    expect(shown.Alert).toMatchObject({ title: '[Triggered on {host:example}] Load of example', body: '90 > 90 @webhook-ops' })
  })

  test('of a stored monitor is that of its definition, and stores nothing', async () => {
    const { body } = await api.send('POST', '/api/v1/monitor', monitor)
    const before = await rowCounts(api.pool)
    const answer = await api.send('POST', path, { monitor_id: body.id, tags: ['host:a:b'] })
    expect(byTitle(answer.body).Alert.title).toBe('[Triggered on {host:a:b}] Load of a:b')
    expect(await rowCounts(api.pool)).toEqual(before)
  })

  test('shows the recipients of rules, and which rule gave them', async () => {
    const rule = async (name: string, attributes: object): Promise<string> => {
      const data = { type: 'monitor-notification-rule', attributes: { name, ...attributes } }
      const { status, text, body } = await api.send('POST', '/api/v2/monitor/notification_rule', { data })
      expect(status, text).toBe(200)
      return body.data.id
    }
    const shop = await rule('Shop', { filter: { tags: ['team:shop'] }, recipients: ['webhook-ops', 'slack-shop'] })
    const hosts = await rule('Alerts of web-1', {
      filter: { scope: 'host:web-1' },
      conditional_recipients: { conditions: [{ scope: 'transition_type:is_alert', recipients: ['slack-shop'] }] },
    })
    const answer = await api.send('POST', path, { monitor: { ...monitor, tags: ['team:shop'] }, tags: { host: 'web-1' } })
    const shown = byTitle(answer.body)
    expect(shown.Alert).toMatchObject({
      handles: ['webhook-ops'],
      receivers: [
        { name: 'log', known: true, rules: [] },
        { name: 'webhook-ops', known: true, rules: [{ id: shop, name: 'Shop' }] },
        {
          name: 'slack-shop',
          known: false,
          rules: [
            { id: shop, name: 'Shop' },
            { id: hosts, name: 'Alerts of web-1' },
          ],
        },
      ],
    })
    expect(shown.Warn.receivers.map(({ name, rules }: Json) => [name, rules.length])).toEqual([
      ['log', 0],
      ['webhook-ops', 1],
      ['slack-shop', 1],
    ])
    for (const id of [shop, hosts]) await api.send('DELETE', `/api/v2/monitor/notification_rule/${id}`)
    expect(byTitle((await api.send('POST', path, { monitor })).body).Alert.receivers).toHaveLength(2)
  })

  test('knows what comes with a trigger, escapes for a markup, and shows presets, escalation and priority', async () => {
    const options = {
      ...monitor.options,
      renotify_interval: 10,
      escalation_message: 'still {{value}}',
      notification_preset_name: 'hide_query_and_handles',
    }
    const message = '{{log.attributes.user}} {{host.name}} @webhook-ops{{#is_renotify}}{{override_priority "P1"}}{{/is_renotify}}'
    const variables = { 'log.attributes.user': '<b>' }
    const answer = await api.send('POST', path, { monitor: { ...monitor, message, options, priority: 3 }, variables, markup: 'html' })
    const shown = byTitle(answer.body)
    expect(shown.Alert).toMatchObject({
      body: '&lt;b&gt; example ',
      handles: ['webhook-ops'],
      priority: 3,
      query: null,
      footer: true,
      notes: [],
    })
    expect(shown['Re-Triggered']).toMatchObject({ told: true, body: '&lt;b&gt; example \n\nstill 90', priority: 1 })
  })

  test('names what will be empty', async () => {
    const answer = await api.send('POST', path, { monitor: { ...monitor, message: '{{#is_alrt}}x{{/is_alrt}} {{region.name}} {{log.x}}' } })
    expect(answer.body.warnings).toEqual([
      'message: the block "is_alrt" is unknown and never renders: did you mean is_alert? (line 1, column 4)',
      'message: {{region.name}} is always empty: notifications have the tags host (line 1, column 29)',
    ])
    expect(byTitle(answer.body).Alert.notes).toEqual(['Not known here, and left empty: log.x.'])
  })

  test('bounds a value of nearly a megabyte', async () => {
    const message = '{{host.name}}'.repeat(500)
    const answer = await api.send('POST', path, { monitor: { ...monitor, message }, tags: { host: '<'.repeat(900_000) }, markup: 'html' })
    expect(answer.status).toBe(200)
    for (const { body, title } of answer.body.notifications) {
      expect(body.length).toBeLessThanOrEqual(40_000)
      expect(title.length).toBeLessThanOrEqual(1_000)
    }
  })
})

describe('what makes no sense is 400 and names the place', () => {
  test.each<readonly [string, unknown, string]>([
    ['no body', undefined, 'either monitor or monitor_id'],
    ['two monitors', { monitor, monitor_id: 1 }, 'either monitor or monitor_id'],
    ['an unknown field', { monitor, sample: 1 }, "unknown field 'sample'"],
    ['a definition that is wrong', { monitor: { ...monitor, query: 'avg(' } }, 'monitor: query: '],
    [
      'a message that is broken',
      { monitor: { ...monitor, message: '\n{{#is_alert}}' } },
      'monitor: message: the block is_alert is never closed',
    ],
    ['a tag without a value', { monitor, tags: ['host'] }, 'expected a tag as key:value'],
    ['a number as tags', { monitor, tags: 3 }, 'tags: expected an object of keys and values, or a list'],
    ['too many tags', { monitor, tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])) }, 'at most 50 tags'],
    ['a text as value', { monitor, value: '95' }, 'value: '],
    ['a name of the engine', { monitor, variables: { is_alert: false } }, 'variables: expected names that come with what triggered'],
    ['an object as variable', { monitor, variables: { 'log.a': {} } }, 'variables.log.a: expected a text'],
    ['an unknown markup', { monitor, markup: 'pdf' }, 'markup: '],
  ])('%s', async (_what, body, error) => {
    const answer = await api.send('POST', path, body)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body.errors.join('; ')).toContain(error)
  })

  test('whatever is sent, the answer is 200 or 400', async () => {
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('__proto__', 'host:a', '{{', '{{#is_alert}}', 1e308, -0))
    const record = fc.dictionary(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'log.a', 'is_alert')),
      anything,
    )
    const text = fc.array(
      fc.constantFrom('{{', '}}', '#', '/', 'is_alert', 'eval', ' ', '"', '1', '+', 'host.name', '@', '\\', '\0', '\ud800'),
      { maxLength: 12 },
    )
    const body = fc.record(
      {
        monitor: text.map((parts) => ({ ...monitor, name: `x${parts.join('')}`, message: parts.join('') })),
        tags: record,
        value: anything,
        variables: record,
        markup: anything,
      },
      { requiredKeys: ['monitor'] },
    )
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const answer = await api.send('POST', path, sent)
        expect([200, 400], `${JSON.stringify(sent)} ${answer.text}`).toContain(answer.status)
      }),
      { numRuns: 150 },
    )
  })

  test('a monitor that isn’t there is 404', async () => {
    expect(await api.send('POST', path, { monitor_id: 999_999 })).toMatchObject({ status: 404, body: { errors: ['Monitor not found'] } })
  })
})

describe('a definition that is written', () => {
  test.each<readonly [string, Json, string]>([
    [
      'a block that is never closed',
      { message: 'a\n  {{#is_alert}}b' },
      'message: the block is_alert is never closed: {{/is_alert}} is missing (line 2, column 3)',
    ],
    [
      'a block closed by another',
      { message: '{{#is_alert}}{{/is_warning}}' },
      'message: expected {{/is_alert}} for the block of line 1, but {{/is_warning}} stands there (line 1, column 14)',
    ],
    ['braces that don’t end', { name: 'x {{value' }, 'name: }} is missing to end what begins here (line 1, column 3)'],
    [
      'a sum that can’t be read',
      { message: '{{eval "value +"}}' },
      'message: eval: expected a number or a name, but the sum ends (character 8 of the sum) (line 1, column 3)',
    ],
    [
      'an escalation that is broken',
      { options: { ...monitor.options, renotify_interval: 10, escalation_message: '{{else}}' } },
      'options.escalation_message: else stands outside of any block (line 1, column 1)',
    ],
  ])('with %s is refused by its place, and nothing is stored', async (_what, change, error) => {
    const before = await rowCounts(api.pool)
    for (const where of ['/api/v1/monitor', '/api/v1/monitor/validate']) {
      expect(await api.send('POST', where, { ...monitor, ...change })).toMatchObject({ status: 400, body: { errors: [error] } })
    }
    expect(await rowCounts(api.pool)).toEqual(before)
  })

  test('with names that nothing has is stored, and its answers say so', async () => {
    const message = '{{hots.name}} {{#is_warn}}x{{/is_warn}} {{thresold}} {{upper "host.name"}}'
    const warnings = [
      'message: {{hots.name}} is always empty: notifications have the tags host (line 1, column 3)',
      'message: the block "is_warn" is unknown and never renders (line 1, column 18)',
      'message: the variable "thresold" is unknown and stays empty: did you mean threshold? (line 1, column 43)',
      'message: the helper "upper" is unknown and stands as it is written (line 1, column 56)',
    ]
    expect((await api.send('POST', '/api/v1/monitor/validate', { ...monitor, message })).body).toEqual({ warnings })
    const created = await api.send('POST', '/api/v1/monitor', { ...monitor, message })
    expect(created).toMatchObject({ status: 200, body: { warnings } })
    expect((await api.send('GET', `/api/v1/monitor/${created.body.id}`)).body).not.toHaveProperty('warnings')
    const changed = await api.send('PUT', `/api/v1/monitor/${created.body.id}`, created.body)
    expect(changed).toMatchObject({ status: 200, body: { warnings } })
    const mended = await api.send('PUT', `/api/v1/monitor/${created.body.id}`, { message: '{{host.name}}' })
    expect(mended.body).not.toHaveProperty('warnings')
  })
})
