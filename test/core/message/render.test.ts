import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewChanges } from '../../../core/message/preview.ts'
import { type MessageSubject, type Rendering, renderMessage } from '../../../core/message/render.ts'
import { parseTemplate } from '../../../core/message/template/parse.ts'
import { compileSpec } from '../../../core/monitor/spec.ts'
import { queryFacts } from '../../../core/query/facts.ts'
import { toldTransition } from '../../support/notification-job.ts'

const rendering: Rendering = { parse: parseTemplate, localTime: () => '2026-01-31 12:00:00+00:00' }
const subject = (message: string, options: MessageSubject['options'] = {}): MessageSubject => ({
  name: 'CPU',
  query: 'avg(last_5m):avg:cpu{*} by {host} > 90',
  message,
  priority: 3,
  options,
})

test.each([
  ['show_all', 'Full @webhook-web-1 now @log.', true, true],
  ['hide_query', 'Full @webhook-web-1 now @log.', false, true],
  ['hide_handles', 'Full  now .', true, true],
  ['hide_query_and_handles', 'Full  now .', false, true],
  ['hide_handles_and_footer', 'Full  now .', true, false],
  ['hide_all', 'Full  now .', false, false],
  ['show_only_snapshot', 'Full  now .', false, false],
])('with the preset %s the text is %j', (preset, body, query, footer) => {
  const message = renderMessage(
    subject('Full @webhook-{{host.name}} now @log.', { notification_preset_name: preset }),
    toldTransition(),
    rendering,
  )
  expect(message).toMatchObject({ body, handles: ['webhook-web-1', 'log'], parts: { query, footer } })
})

test('a repeat adds the escalation message, and a priority may be overridden', () => {
  const asked = subject('{{#is_renotify}}{{override_priority "P1"}}{{/is_renotify}}x', {
    escalation_message: 'for {{triggered_duration_sec}} s',
  })
  const repeat = toldTransition({ from: 'Alert', reason: 'renotify', slot: toldTransition().slot + 60_000 })
  expect(renderMessage(asked, repeat, rendering)).toMatchObject({ body: 'x\n\nfor 60 s', priority: 1 })
  expect(renderMessage(asked, toldTransition(), rendering)).toMatchObject({ body: 'x', priority: 3 })
})

test('texts that are fine each on its own are fine together', () => {
  const long = `{{value}}${'x'.repeat(60_000)}`
  const repeat = toldTransition({ from: 'Alert', reason: 'renotify' })
  const { notes, body } = renderMessage(subject(long, { escalation_message: long }), repeat, rendering)
  expect(notes).toEqual(['The message was cut at 40000 characters.'])
  expect(body.startsWith('95x')).toBe(true)
})

test('a broken escalation message stands as it was written, below a message that is rendered', () => {
  const repeat = toldTransition({ from: 'Alert', reason: 'renotify' })
  const { notes, body } = renderMessage(subject('{{value}}', { escalation_message: '{{#x}} @log' }), repeat, rendering)
  expect(body).toBe('95\n\n{{#x}} @log')
  expect(notes).toEqual([
    expect.stringMatching(/^The escalation message could not be rendered and stands as it was written: the block x is never closed/),
  ])
})

test('whatever the tag and the markup, the text is bounded, whole and free of foreign handles', () => {
  const markup = fc.constantFrom<'none' | 'plain' | 'html' | 'slack' | 'markdown'>('none', 'plain', 'html', 'slack', 'markdown')
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constant('<'.repeat(3_000)),
    fc.string({ unit: fc.constantFrom('@', 'a', ' ', '.', '\\', ',') }),
  )
  fc.assert(
    fc.property(value, markup, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 39_900, max: 40_010 }), (tag, which, count, filler) => {
      const text = `@log ${'y'.repeat(filler)} ${'{{host.name}}'.repeat(count)}`
      const group = `host:${tag.replace(/[\\,]/g, '\\$&')}`
      const { body, title, handles } = renderMessage(subject(text), toldTransition({ group }), { ...rendering, markup: which })
      expect(body.length).toBeLessThanOrEqual(40_000)
      expect(title.length).toBeLessThanOrEqual(1_000)
      expect(body.isWellFormed()).toBe(true)
      if (which === 'html') expect(body.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[&<>"']/)
      expect(handles).toEqual(['log'])
    }),
    { numRuns: 300 },
  )
})

const corpus = new URL('../../../../shared/corpus/datadog-monitors.jsonl', import.meta.url)

describe.runIf(existsSync(corpus))('public monitors', () => {
  test('each message and name renders for each change of status, without a note about the text', () => {
    const monitors: readonly MessageSubject[] = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).monitor)
    let rendered = 0
    for (const monitor of monitors) {
      const definition = { monitorId: 1, version: 1, type: 'query alert', tags: [], draftStatus: 'published', ...monitor, priority: null }
      const spec = compileSpec(definition, queryFacts(definition.type, monitor.query, monitor.options.variables))
      for (const { transition } of previewChanges(spec, { tags: null, value: 12_345.678, at: toldTransition().slot })) {
        const asked = { ...monitor, message: monitor.message ?? '', priority: null }
        const { notes, title, body } = renderMessage(asked, transition, { ...rendering, carried: {} })
        expect(
          notes.filter((note) => !note.startsWith('Not known here')),
          `${title}\n${body}`,
        ).toEqual([])
        expect(`${title}${body}`).not.toMatch(/\{\{[#/^]/)
        rendered += 1
      }
    }
    console.log(`${monitors.length} public monitors, ${rendered} messages rendered`)
    expect(rendered).toBe(monitors.length * 8)
  })
})
