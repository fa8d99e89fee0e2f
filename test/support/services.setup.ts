import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import type { TestProject } from 'vitest/node'
import { freePort } from '../../cli/up/port.ts'
import { startPostgres } from '../../cli/up/postgres.ts'
import { fairQueues } from '../../cli/up/temporal.ts'
import { searchAttributeTypes } from '../../workflows/messages.ts'
import provideParts from './parts.setup.ts'
import { executableOf } from './temporal.ts'

/** One PostgreSQL and one Temporal dev server for all files of a project; each file makes its own database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await provideParts(project)
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-test-'))
  // As root the server runs as the user `postgres`, who must be able to enter.
  await chmod(folder, 0o711)
  const [postgres, temporal] = await Promise.all([
    startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      database: 'tests',
      // A test database needn't survive a power cut.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
    }),
    TestWorkflowEnvironment.createLocal({
      server: {
        ...executableOf(project.getProvidedContext?.().temporalPath ?? null),
        extraArgs: [
          ...fairQueues,
          ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
        ],
      },
    }),
  ])
  project.provide('postgresUrl', postgres.url)
  project.provide('temporalAddress', temporal.address)
  return async () => {
    await temporal.teardown()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
