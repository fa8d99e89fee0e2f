import { describe, expect, test } from 'vitest'
import { alertmanagerConfig, alertmanagerKind } from '../../contract/receivers/alertmanager.ts'
import { parseReceiver, parseReceiverChange } from '../../contract/receivers/body.ts'
import { emailConfig, emailKind } from '../../contract/receivers/email.ts'
import { opsgenieConfig, opsgenieKind } from '../../contract/receivers/opsgenie.ts'
import { pagerdutyConfig, pagerdutyKind } from '../../contract/receivers/pagerduty.ts'

describe('email', () => {
  const good = { host: 'mail.example.com', from: 'tocsin@example.com', to: ['ops@example.com'] }
  test('the least is a server and addresses; TLS is on', () => {
    expect(emailConfig.parse(good)).toEqual({ ...good, tls: 'starttls', verify_certificate: true })
  })
  test('the password is secret', () => {
    expect(emailKind.secrets).toEqual(['password'])
  })
  test.each([
    ['an address with a line break', { to: ['ops@example.com\r\nBcc: x@y'] }, /expected an address/],
    ['two addresses in one', { to: ['a@example.com, b@example.com'] }, /expected an address/],
    ['a name in an address', { from: 'Ops <ops@example.com>' }, /expected an address/],
    ['nobody', { to: [] }, /to/],
    ['a password in the clear', { tls: 'none', username: 'a', password: 'b' }, /not sent without TLS/],
    ['half a login', { username: 'a' }, /go together/],
    ['a name with a line break', { from_name: 'a\nBcc: x' }, /one line/],
    ['a port that is none', { port: 70_000 }, /port/],
    ['a field that nobody knows', { subject: 'x' }, /subject/],
    ['a server with a path', { host: 'mail.example.com/x' }, /mail server/],
  ])('%s is refused', (_what, change, wrong) => {
    const parsed = emailConfig.safeParse({ ...good, ...change })
    expect(parsed.success).toBe(false)
    expect(JSON.stringify(parsed.error?.issues)).toMatch(wrong)
  })
})

describe('alertmanager', () => {
  const urls = ['https://am.example.com']
  test('the least is an address; severities are those of most routing trees', () => {
    expect(alertmanagerConfig.parse({ urls: ['https://am.example.com/prefix//'] })).toEqual({
      urls: ['https://am.example.com/prefix'],
      severities: { alert: 'critical', warn: 'warning', no_data: 'warning', unknown: 'warning' },
    })
  })
  test('password and token are secret', () => {
    expect(alertmanagerKind.secrets).toEqual(['password', 'bearer_token'])
  })
  test('what was parsed is parsed the same again', () => {
    const once = alertmanagerConfig.parse({ urls, severities: { alert: 'page' } })
    expect(alertmanagerConfig.parse(once)).toEqual(once)
  })
  test.each([
    ['no address', { urls: [] }, /urls/],
    ['another protocol', { urls: ['ftp://am.example.com'] }, /expected an address/],
    ['a password in the address', { urls: ['https://a:b@am.example.com'] }, /fields of their own/],
    ['half a login', { urls, username: 'a' }, /go together/],
    ['two logins', { urls, username: 'a', password: 'b', bearer_token: 'c' }, /either/],
    ['a token with a line break', { urls, bearer_token: 'a\r\nx: y' }, /printable/],
    ['a label that is none', { urls, labels: { 'a-b': 'x' } }, /name of a label/],
    ['an empty severity', { urls, severities: { alert: '' } }, /printable/],
  ])('%s is refused', (_what, config, wrong) => {
    const parsed = alertmanagerConfig.safeParse(config)
    expect(parsed.success).toBe(false)
    expect(JSON.stringify(parsed.error?.issues)).toMatch(wrong)
  })
})

describe('pagerduty', () => {
  const routing_key = 'R0123456789ABCDEF0123456789ABCDE'
  test('the least is the integration key, and it is secret', () => {
    expect(pagerdutyConfig.parse({ routing_key })).toEqual({ routing_key, api_url: 'https://events.pagerduty.com' })
    expect(pagerdutyKind.secrets).toEqual(['routing_key'])
  })
  test.each([
    ['no key', {}],
    ['a key that is too short', { routing_key: 'abc' }],
    ['a key with a line break', { routing_key: `${routing_key}\n` }],
    ['a field that nobody knows', { routing_key, severity: 'critical' }],
  ])('%s is refused', (_what, config) => {
    expect(pagerdutyConfig.safeParse(config).success).toBe(false)
  })
})

describe('opsgenie', () => {
  const api_key = '00000000-1111-2222-3333-444444444444'
  test('the least is the key, and it is secret', () => {
    expect(opsgenieConfig.parse({ api_key })).toEqual({ api_key, api_url: 'https://api.opsgenie.com' })
    expect(opsgenieKind.secrets).toEqual(['api_key'])
  })
  test.each([
    [{ type: 'team', name: 'ops' }, true],
    [{ type: 'schedule', id: 'x' }, true],
    [{ type: 'user', username: 'jo@example.com' }, true],
    [{ type: 'user', name: 'jo' }, false],
    [{ type: 'team', username: 'jo@example.com' }, false],
    [{ type: 'team' }, false],
    [{ type: 'team', id: 'x', name: 'ops' }, false],
    [{ type: 'group', name: 'ops' }, false],
  ])('a responder %j is taken: %s', (responder, taken) => {
    expect(opsgenieConfig.safeParse({ api_key, responders: [responder] }).success).toBe(taken)
  })
})

describe('secrets of a receiver that moves', () => {
  const [one, two, evil] = ['https://one.example.com', 'https://two.example.com', 'https://evil.example.com']
  const alertmanager = { name: 'am', kind: 'alertmanager', config: { urls: [one, two], bearer_token: 'token' } }
  const mail = {
    name: 'email',
    kind: 'email',
    config: { host: 'mail.example.com', username: 'a', password: 'b', from: 'a@example.com', to: ['b@example.com'] },
  }
  const incident = { name: 'pd', kind: 'pagerduty', config: { routing_key: 'R0123456789ABCDEF0123456789ABCDE' } }
  test.each<readonly [string, object, object, boolean]>([
    ['one more of a cluster', alertmanager, { urls: [one, two, evil] }, false],
    ['another in the place of one', alertmanager, { urls: [one, evil] }, false],
    ['another with a token given again', alertmanager, { urls: [evil], bearer_token: 'other' }, true],
    ['one less', alertmanager, { urls: [two] }, true],
    ['another order, another path', alertmanager, { urls: [two, `${one}/prefix`] }, true],
    ['another label', alertmanager, { labels: { cluster: 'eu' } }, true],
    ['another mail server', mail, { host: 'evil.example.com' }, false],
    ['another addressee', mail, { to: ['c@example.com'] }, true],
    ['another API', incident, { api_url: evil }, false],
  ])('%s', (_what, body, config, taken) => {
    const current = parseReceiver(body)
    if (!current.ok) throw new Error(current.errors.join())
    expect(parseReceiverChange(current.value, { config }).ok).toBe(taken)
  })
})
