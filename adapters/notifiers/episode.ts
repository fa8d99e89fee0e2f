import type { OutgoingMessage } from '../../activities/notification-ports.ts'

/** Whether what the receiver knows of an episode is its own: a digest is about many, a test about none. */
export function isOfEpisode({ form }: Pick<OutgoingMessage, 'form'>): boolean {
  return form !== 'digest' && form !== 'test'
}
