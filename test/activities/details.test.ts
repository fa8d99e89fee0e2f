import { expect, test } from 'vitest'
import { withDetails } from '../../activities/details.ts'
import type { TriggerDetails } from '../../activities/notification-ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

/** Details that count how often they are asked, and for how many. */
function counting(): Readonly<{ details: TriggerDetails; asked: number[] }> {
  const asked: number[] = []
  const of: TriggerDetails['of'] = async (_subject, transitions) => {
    asked.push(transitions.length)
    return transitions.map(({ group }) => ({ 'log.message': `entry of ${group}` }))
  }
  return { details: { of }, asked }
}

const groups = (count: number) =>
  Array.from({ length: count }, (_, index) => toldTransition({ sequence: index + 1, group: `host:${index}` }))

test('each transition is rendered with what came with it, whatever else is said of how', async () => {
  const { details, asked } = counting()
  const subject = notificationSubject({ message: '{{log.message}}!' })
  const [first, second] = groups(2)
  if (first === undefined || second === undefined) throw new Error('no transitions')
  const { renderer } = await withDetails({ renderer: messageRenderer(), details }, subject, [first, second])
  expect(renderer.render(subject, first).body).toBe('entry of host:0!')
  expect(renderer.render(subject, second, { markup: 'html' }).body).toBe('entry of host:1!')
  expect(renderer.render(subject, toldTransition({ sequence: 3 })).notes.join()).toContain('log.message')
  expect(asked).toEqual([2])
})

test.each<[string, Parameters<typeof notificationSubject>[0], number]>([
  ['a message that names none of it costs no question', { message: '{{value}} @ops' }, 0],
  ['a name does', { name: '{{log.message}}', message: '' }, 1],
  ['an escalation message does', { message: '', options: { escalation_message: '{{event.title}}' } }, 1],
])('%s', async (_what, change, questions) => {
  const { details, asked } = counting()
  await withDetails({ renderer: messageRenderer(), details }, notificationSubject(change), groups(1))
  expect(asked).toHaveLength(questions)
})

test('a storm asks for a bounded number', async () => {
  const { details, asked } = counting()
  await withDetails({ renderer: messageRenderer(), details }, notificationSubject({ message: '{{log.message}}' }), groups(10_000))
  expect(asked).toEqual([200])
})
