import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectHandles } from '../../../core/message/handles.ts'

const texts: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['Disk is full @webhook-ops', ['webhook-ops']],
  ['@log @user@example.com @slack-team-channel', ['log', 'user@example.com', 'slack-team-channel']],
  ['@b then @a then @b again', ['b', 'a']],
  ['write to ops@example.com', []],
  ['see https://example.com/@someone', []],
  ['(@pagerduty-Core), "@teams-Ops": @opsgenie-x.', ['pagerduty-Core', 'teams-Ops', 'opsgenie-x']],
  ['first.last@example.com and @first.last@example.com!', ['first.last@example.com']],
  ['@workflow-Restart(service="api")', ['workflow-Restart']],
  ['line one\n@webhook-ops\nline three', ['webhook-ops']],
  ['@webhook_ops-2', ['webhook_ops-2']],
  ['@@webhook-ops', []],
  ['an @ alone, @- and @.', []],
  ['@équipe-réseau', ['équipe-réseau']],
]

test.each(texts)('the handles of %j are %j', (text, handles) => {
  expect(collectHandles(text)).toEqual(handles)
})

test('handles are unique and stand in the text behind an @', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('@', 'a', '-', '.', ' ', 'ü') }), (text) => {
      const handles = collectHandles(text)
      expect(new Set(handles).size).toBe(handles.length)
      for (const handle of handles) expect(text).toContain(`@${handle}`)
    }),
  )
})

test.each(['@a', '@a.', '@a@', '@a@a.', ' @-', 'a@'])('a long run of %j is read in linear time', (unit) => {
  const started = performance.now()
  collectHandles(unit.repeat(50_000))
  expect(performance.now() - started).toBeLessThan(2_000)
})
