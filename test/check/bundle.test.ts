import { expect, test } from 'vitest'
import { bundleMaxBytes, judgeBundle } from '../../cli/check/bundle.ts'

const usual = ['core/monitor/step.ts', 'workflows/index.ts', 'node_modules/@temporalio/workflow/src/index.ts', 'webpack/bootstrap']

test.each([
  ['what workflows are made of passes', usual, 100, true],
  ['an npm package is foreign', [...usual, 'node_modules/zod/index.js'], 100, false],
  ['an adapter is foreign', [...usual, 'adapters/http/fetch.ts'], 100, false],
  ['a bundle above the budget fails', usual, bundleMaxBytes + 1, false],
  ['a bundle without core proves nothing', ['workflows/index.ts'], 100, false],
])('%s', (_, paths, bytes, ok) => {
  expect(judgeBundle(paths, bytes).ok).toBe(ok)
})
