/** Monitors and downtimes out of Datadog's own API, a page at a time. Only reads. Read next: datadog-monitors.ts. */
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { ask } from '../answers.ts'
import { CommandError } from '../codes.ts'
import { createHttpClient, type HttpClient } from '../http.ts'
import type { Terminal } from '../terminal.ts'

/** As large as Datadog gives them. */
const monitorsPerPage = 1_000
const downtimesPerPage = 100
/** A page of a thousand monitors takes Datadog some seconds. */
const timeoutMs = 60_000

const downtimes = z.object({ data: z.array(z.unknown()) })

export async function fetchDatadog({ apiKey, appKey, site }: Config['datadog'], terminal: Terminal): Promise<readonly unknown[]> {
  if (apiKey === null || appKey === null)
    throw new CommandError('no keys of Datadog: set DD_API_KEY and DD_APP_KEY, and DD_SITE where it isn’t datadoghq.com')
  const datadog = createHttpClient({ baseUrl: addressOf(site), apiKey, appKey, timeoutMs })
  const found = [...(await allMonitors(datadog, terminal)), ...(await allDowntimes(datadog))]
  terminal.progress(null)
  return found
}

function addressOf(site: string): string {
  const address = site.includes('://') ? site : `https://api.${site}`
  if (URL.canParse(address)) return address
  throw new CommandError('DD_SITE: expected a site like datadoghq.eu, or an address')
}

async function allMonitors(datadog: HttpClient, terminal: Terminal): Promise<readonly unknown[]> {
  const all: unknown[] = []
  for (let page = 0; ; page += 1) {
    const found = await ask(datadog, z.array(z.unknown()), ['GET', `/api/v1/monitor?page=${page}&page_size=${monitorsPerPage}`])
    all.push(...found)
    terminal.progress(`${all.length} monitors read`)
    if (found.length < monitorsPerPage) return all
  }
}

async function allDowntimes(datadog: HttpClient): Promise<readonly unknown[]> {
  const all: unknown[] = []
  for (let offset = 0; ; offset += downtimesPerPage) {
    const path = `/api/v2/downtime?page%5Boffset%5D=${offset}&page%5Blimit%5D=${downtimesPerPage}`
    const { data } = await ask(datadog, downtimes, ['GET', path])
    all.push(...data)
    if (data.length < downtimesPerPage) return all
  }
}
