import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { releaseIn } from '../../../bench/chaos/faults/deploy.ts'
import { temporaryFolder } from '../../support/folder.ts'

test('the release that the laboratory deploys gives one command more, behind a patch', () => {
  const folder = temporaryFolder()
  try {
    const workflow = readFileSync(join(releaseIn(folder.path), 'workflows', 'monitor.ts'), 'utf8')
    expect(workflow.match(/chaosPatched\('chaos-deploy'\)/g)).toHaveLength(1)
    expect(workflow).toContain('patched as chaosPatched')
  } finally {
    folder.remove()
  }
})
