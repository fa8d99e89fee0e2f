/** How many monitors there are, and in which overall states: counted by the server, however many they are. */
import { z } from 'zod'
import { ask } from '../answers.ts'
import type { HttpClient } from '../http.ts'

const found = z.object({
  metadata: z.object({ total_count: z.number() }),
  counts: z.object({ status: z.array(z.object({ name: z.string(), count: z.number() })) }),
})

export async function countMonitors(server: HttpClient): Promise<Readonly<{ total: number; states: Readonly<Record<string, number>> }>> {
  const { metadata, counts } = await ask(server, found, ['GET', '/api/v1/monitor/search?per_page=1'])
  return { total: metadata.total_count, states: Object.fromEntries(counts.status.map(({ name, count }) => [name, count])) }
}
