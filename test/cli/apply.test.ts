/** `apply`, `diff`, `validate` and `export`, as processes, against the API and PostgreSQL. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, keys, startApi } from '../api/harness.ts'
import { type CommandLine, commandLine, indented } from '../support/command-line.ts'
import { temporaryFolder } from '../support/folder.ts'

const folder = temporaryFolder()
let api: Api
let tocsin: CommandLine
let files = ''
let count = 0

beforeAll(async () => {
  api = await startApi()
  tocsin = commandLine(folder.path, { TOCSIN_URL: api.url, TOCSIN_API_KEY: keys.apiKey, TOCSIN_APP_KEY: keys.appKey })
})
afterAll(async () => {
  await api.close()
  folder.remove()
})
beforeEach(async () => {
  count += 1
  files = join(folder.path, `files-${count}`)
  mkdirSync(files)
  for (const { id } of (await api.send('GET', '/api/v1/monitor')).body) await api.send('DELETE', `/api/v1/monitor/${id}?force=true`)
  for (const { id } of (await api.send('GET', '/api/v2/downtime')).body.data) await api.send('DELETE', `/api/v2/downtime/${id}`)
})

function write(name: string, text: string): void {
  const path = join(files, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

const disk = `type: query alert
name: Disk of {{host.name}} is full
query: avg(last_5m):avg:system.disk.in_use{*} by {host} > 0.9
message: |
  {{host.name}} has no room.
  @log
tags: [team:infra]
options:
  thresholds: { critical: 0.9, warning: 0.8 }
  hold: 120
`
const load = `{"type": "metric alert", "name": "load", "query": "avg(last_5m):avg:system.load.1{*} > 9"}`

const loadYaml = 'type: metric alert\nname: load\nquery: "avg(last_5m):avg:system.load.1{*} > 9"'

async function monitors(name = ''): Promise<ReturnType<typeof JSON.parse>[]> {
  return (await api.send('GET', `/api/v1/monitor?name=${name}`)).body
}

describe('tocsin apply', () => {
  test('creates what files say, says what it will do first, and does nothing the second time', async () => {
    write('disk.yaml', disk)
    write('team/load.json', load)
    const planned = await tocsin('apply', '-f', files, '--dry-run')
    expect(planned).toMatchObject({ code: 0, err: '' })
    expect(planned.out).toContain('+ monitor disk  "Disk of {{host.name}} is full"\n+ monitor team/load  "load"\n2 to create\n')
    expect(await monitors()).toEqual([])

    const applied = await tocsin('apply', '-f', files, '--yes', '--json')
    expect(applied).toMatchObject({ code: 0, err: '' })
    expect(applied.json()).toMatchObject({ applied: true, plan: { create: 2 }, done: [{ key: 'disk', error: null }, { key: 'team/load' }] })
    const [first] = await monitors('Disk')
    expect(first).toMatchObject({
      name: 'Disk of {{host.name}} is full',
      message: '{{host.name}} has no room.\n@log',
      options: { hold: 120 },
    })

    const again = await tocsin('apply', '-f', files, '--json')
    expect(again).toMatchObject({ code: 0, err: '' })
    expect(again.json()).toMatchObject({ plan: { create: 0, update: 0, delete: 0, adopt: 0, unchanged: 2 }, done: [] })
  })

  test('changes what differs, field by field, and keeps what people muted', async () => {
    write('disk.yaml', disk)
    await tocsin('apply', files, '--yes')
    const [{ id }] = await monitors()
    await api.send('POST', `/api/v1/monitor/${id}/mute`, { scope: 'host:a' })
    write('disk.yaml', disk.replace('warning: 0.8', 'warning: 0.7').replace('hold: 120', 'hold: 60'))
    const differs = await tocsin('diff', files)
    expect(differs.code).toBe(1)
    expect(differs.out).toContain(
      '    options.hold: 120 → 60\n    options.thresholds: {"critical":0.9,"warning":0.8} → {"critical":0.9,"warning":0.7}\n',
    )
    expect((await tocsin('apply', files, '--yes')).code).toBe(0)
    expect(await tocsin('diff', files)).toMatchObject({ code: 0, out: '1 as they are\n' })
    expect((await monitors())[0]).toMatchObject({ id, options: { hold: 60, silenced: { 'host:a': null } } })
  })

  test('without --yes and with nobody to ask nothing is changed', async () => {
    write('load.json', load)
    const { code, err } = await tocsin('apply', files)
    expect({ code, err }).toEqual({ code: 2, err: 'there is nobody to be asked: --yes carries the plan out, --dry-run only shows it\n' })
    expect(await monitors()).toEqual([])
  })

  test('--prune deletes what is kept under keys, below the prefix alone, and never what no file ever kept', async () => {
    await api.send('POST', '/api/v1/monitor', JSON.parse(load))
    write('a/disk.yaml', disk)
    write('b/load.json', load)
    await tocsin('apply', join(files, 'a'), '--prefix', 'a/', '--yes')
    await tocsin('apply', join(files, 'b'), '--prefix', 'b/', '--yes')
    rmSync(join(files, 'a/disk.yaml'))
    const { code, json } = await tocsin('apply', join(files, 'a'), '--prefix', 'a/', '--prune', '--yes', '--json')
    expect(code).toBe(0)
    expect(json().plan.changes).toMatchObject([{ action: 'delete', key: 'a/disk' }])
    expect((await monitors()).map(({ name }) => name)).toEqual(['load', 'load'])
  })

  test('composites name monitors of the same files by their keys, and come after them', async () => {
    const composite = (query: string): string => `type: composite\nname: both\nquery: "${query}"`
    write(
      'all.yaml',
      `monitors:\n- key: both\n${indented(composite('key(disk) && key(load)'))}- key: disk\n${indented(disk)}- key: load\n${indented(loadYaml)}`,
    )
    const applied = await tocsin('apply', files, '--yes', '--json')
    expect(applied.err).toBe('')
    const [diskId, loadId, both] = [...(await monitors('Disk')), ...(await monitors('load')), ...(await monitors('both'))]
    expect(both).toMatchObject({ name: 'both', query: `${diskId.id} && ${loadId.id}` })
    expect((await tocsin('diff', files)).code).toBe(0)
    write('all.yaml', `- key: third\n${indented(composite('key(nobody) && key(both)'))}`)
    expect(await tocsin('diff', files)).toMatchObject({ code: 2, err: expect.stringContaining('no monitor is kept under the key nobody') })
  })

  test('downtimes are planned once, changed, and canceled with --prune', async () => {
    write('load.json', load)
    const downtime = `monitor_identifier: { monitor_key: load }
scope: env:prod
message: The disks are exchanged.
schedule: { timezone: Europe/Madrid, recurrences: [{ start: "2030-01-01T03:00", duration: 1h, rrule: FREQ=DAILY }] }
`
    write('downtimes/disks.yaml', downtime)
    expect(await tocsin('apply', files, '--yes')).toMatchObject({ code: 0, err: '' })
    expect(await tocsin('diff', files)).toMatchObject({ code: 0, out: '2 as they are\n' })
    write('downtimes/disks.yaml', downtime.replace('1h', '2h'))
    const changed = await tocsin('apply', files, '--yes', '--json')
    expect(changed).toMatchObject({ code: 0, err: '' })
    expect(changed.json().plan.changes).toMatchObject([
      { kind: 'downtime', action: 'update', changes: [{ field: 'schedule.recurrences' }] },
    ])
    expect(await tocsin('diff', files)).toMatchObject({ code: 0 })
    rmSync(join(files, 'downtimes'), { recursive: true })
    expect((await tocsin('apply', files, '--yes', '--prune', '--json')).json().plan.changes).toMatchObject([
      { kind: 'downtime', action: 'delete' },
    ])
    const { body } = await api.send('GET', '/api/v2/downtime')
    expect(body.data.map(({ attributes }: { attributes: { status: string } }) => attributes.status)).toContain('canceled')
  })

  test('receivers come before who names them; secrets are taken from the environment, and never shown', async () => {
    write('receivers.yaml', `name: pager\nkind: pagerduty\nconfig: {routing_key: "${variable('PAGER_KEY')}"}`)
    expect(await tocsin('apply', files, '--yes')).toMatchObject({ code: 2, err: expect.stringContaining('no variable PAGER_KEY') })
    const secret = '0123456789abcdef0123456789abcdef'
    const env = { TOCSIN_URL: api.url, TOCSIN_API_KEY: keys.apiKey, TOCSIN_APP_KEY: keys.appKey, PAGER_KEY: secret }
    const applied = await commandLine(folder.path, env)('apply', files, '--yes', '--json')
    expect(applied.code, applied.err).toBe(0)
    expect(applied.out).not.toContain(secret)
    expect((await api.send('GET', '/api/v2/receivers/pager')).body).toMatchObject({ kind: 'pagerduty', secrets: ['routing_key'] })
    expect(await tocsin('diff', files)).toMatchObject({ code: 0, out: '1 as they are\n' })
    write('receivers.yaml', `name: pager\nkind: pagerduty\nconfig: {routing_key: "${variable('PAGER_KEY')}"}\npolicy: {timeout: 7}`)
    expect((await tocsin('apply', files, '--yes', '--json')).json().plan.changes).toMatchObject([
      { action: 'update', changes: [{ field: 'policy.timeout' }] },
    ])
    const exported = await tocsin('export')
    expect(exported.out).toContain(`routing_key: ${variable('PAGER_ROUTING_KEY')}`)
    write('receivers.yaml', exported.out)
    expect(await tocsin('diff', files)).toMatchObject({ code: 0 })
    await api.send('DELETE', '/api/v2/receivers/pager')
  })

  test.each([
    ['no path', [], 'no files are given'],
    ['a path that isn’t there', ['-f', 'none'], 'none: ENOENT'],
    ['an unknown option', ['-f', '.', '--fast'], "unknown option '--fast'"],
    ['a prefix that is none', ['-f', '.', '--prefix', '*'], '--prefix: expected letters'],
    ['an address that is none', ['-f', '.', '--api', 'here'], '--api: expected an address'],
  ])('%s ends with 2', async (_what, args, error) => {
    const { code, err } = await tocsin('apply', ...args)
    expect(code).toBe(2)
    expect(err).toContain(error)
  })

  test.each([
    ['broken.yaml', 'name: [', 'broken.yaml: '],
    ['text.yaml', 'hello', 'text.yaml: expected a monitor'],
    ['else.yaml', 'some: thing', 'else.yaml: this is no monitor (type, query)'],
    ['two.yaml', `- ${load}\n- ${load}`, 'two.yaml[0]: key is missing'],
    ['key.yaml', '{key: "a b", type: query alert}', 'key.yaml: key: expected letters'],
    ['twice.yaml', `- {key: a, type: x}\n- {key: a, type: x}`, 'twice.yaml[1]: the key a stands in'],
    ['beside.yaml', 'monitors: []\nsources: []', 'beside monitors stands sources'],
    ['query.yaml', disk.replace('avg(last_5m)', 'avg(last)'), 'query.yaml: query: '],
    ['field.yaml', `${disk}surprise: 1\n`, "field.yaml: unknown field 'surprise'"],
    ['source.yaml', disk.replace('options:', 'options:\n  datasource: nowhere'), 'nowhere'],
    [
      'downtime.yaml',
      'monitor_identifier: {monitor_tags: ["*"]}\nscope: "*"\nschedule: {start: noon}',
      'downtime.yaml: schedule.start: expected a time',
    ],
  ])('a wrong file is named with what is wrong, and nothing is changed: %s', async (name, text, error) => {
    write('load.json', load)
    write(name, text)
    for (const command of [['apply', '--yes'], ['validate']] as const) {
      const { code, err } = await tocsin(...command, files)
      expect(code, err).toBe(2)
      expect(err).toContain(error)
    }
    expect(await monitors()).toEqual([])
  })

  test('warnings are said, and are no error', async () => {
    write('typo.yaml', disk.replace('{{host.name}} has', '{{hots.name}} has'))
    const { code, out, err } = await tocsin('validate', files)
    expect({ code, out }).toEqual({ code: 0, out: '1 read, all of them valid\n' })
    expect(err).toContain('typo.yaml: ')
  })

  test('a server that isn’t there, or that doesn’t know the keys, ends with 3', async () => {
    write('load.json', load)
    expect(await tocsin('apply', files, '--api', 'http://127.0.0.1:9')).toMatchObject({
      code: 3,
      err: expect.stringContaining('does not answer'),
    })
    expect(await tocsin('diff', files, '--api-key', 'x'.repeat(20))).toMatchObject({ code: 3, err: expect.stringContaining('HTTP 403') })
  })
})

describe('tocsin export', () => {
  test('what it writes is what apply finds unchanged: nothing is to be done', async () => {
    const created = await api.send('POST', '/api/v1/monitor', JSON.parse(load))
    const other = await api.send('POST', '/api/v1/monitor', {
      type: 'log alert',
      name: 'errors',
      query: 'logs("status:error").index("*").rollup("count").last("5m") > 10',
      priority: 2,
      options: { enable_logs_sample: true, thresholds: { critical: 10 }, silenced: { '*': null } },
    })
    await api.send('POST', '/api/v1/monitor', { type: 'composite', name: 'both', query: `${created.body.id} || ${other.body.id}` })
    await api.send('POST', '/api/v2/downtime', {
      data: { type: 'downtime', attributes: { scope: '*', monitor_identifier: { monitor_id: created.body.id }, message: 'work' } },
    })
    write('x/disk.yaml', disk)
    await tocsin('apply', files, '--yes')
    const output = join(folder.path, `exported-${count}`)
    expect(await tocsin('export', '-o', output)).toMatchObject({ code: 0, out: '', err: expect.stringContaining('5 files written') })
    expect(readdirSync(join(output, 'monitors')).filter((name) => name.startsWith('monitor-'))).toHaveLength(3)

    const diff = await tocsin('diff', output, '--prune', '--json')
    expect(diff).toMatchObject({ code: 0, err: '' })
    expect(diff.json()).toMatchObject({ create: 0, update: 0, delete: 0, adopt: 4, unchanged: 1 })
    const applied = await tocsin('apply', output)
    expect(applied, applied.err).toMatchObject({ code: 0 })
    expect(await monitors()).toHaveLength(4)
    expect((await tocsin('diff', output, '--prune', '--json')).json()).toMatchObject({
      create: 0,
      update: 0,
      delete: 0,
      adopt: 0,
      unchanged: 5,
    })
  })

  test('without a folder it is one document, in YAML or JSON', async () => {
    write('disk.yaml', disk)
    await tocsin('apply', files, '--yes')
    const { out } = await tocsin('export')
    expect(out).toBe(`monitors:
  - key: disk
    type: query alert
    name: Disk of {{host.name}} is full
    query: avg(last_5m):avg:system.disk.in_use{*} by {host} > 0.9
    message: |-
      {{host.name}} has no room.
      @log
    tags:
      - team:infra
    options:
      hold: 120
      thresholds:
        critical: 0.9
        warning: 0.8
`)
    write('again.yaml', out)
    rmSync(join(files, 'disk.yaml'))
    expect((await tocsin('diff', files)).code).toBe(0)
    expect((await tocsin('export', '--json')).json().monitors).toHaveLength(1)
  })
})

/** As files name a variable of the environment. */
const variable = (name: string): string => `\${${name}}`
