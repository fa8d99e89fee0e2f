import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { read } from '../docs/pages.ts'

const folder = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url))
const file = (name: string): string => readFileSync(join(folder, name), 'utf8')

const kustomization = z
  .looseObject({ resources: z.array(z.string()), configMapGenerator: z.array(z.object({ name: z.string(), envs: z.array(z.string()) })) })
  .parse(parse(file('kustomization.yaml')))

const reference = z.object({ name: z.string(), valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }) })
const probe = z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) })
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })),
  env: z.array(reference),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  resources: z.object({ requests: z.record(z.string(), z.string()), limits: z.record(z.string(), z.string()) }),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
})
const labels = z.record(z.string(), z.string())
const template = z.object({
  metadata: z.looseObject({ labels, annotations: labels.default({}) }),
  spec: z.looseObject({
    serviceAccountName: z.string(),
    automountServiceAccountToken: z.literal(false),
    terminationGracePeriodSeconds: z.number().optional(),
    securityContext: z.looseObject({ runAsNonRoot: z.literal(true) }),
    containers: z.array(container),
  }),
})
const named = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) })
const workload = named.extend({ spec: z.looseObject({ template }) })
const selecting = named.extend({ spec: z.looseObject({ selector: z.union([z.object({ matchLabels: labels }), labels]) }) })

const objects = kustomization.resources.flatMap((name) => parseAllDocuments(file(name)).map((document) => named.parse(document.toJS())))
const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'Job').map((object) => workload.parse(object))
const deployments = workloads.filter(({ kind }) => kind === 'Deployment')
const containers = workloads.flatMap(({ spec }) => spec.template.spec.containers)
const settings = Object.fromEntries(
  file('tocsin.env')
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0
if (!kubectl) console.log('kubectl is not installed: the manifests are not built by kustomize in this run')

test.runIf(kubectl)('kustomize builds it, with the settings under a name of their content', () => {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const built = parseAllDocuments(stdout).map((document) => named.parse(document.toJS()))
  expect(built.map(({ kind }) => kind).toSorted()).toEqual([...objects.map(({ kind }) => kind), 'ConfigMap'].toSorted())
  const settingsName = built.find(({ kind }) => kind === 'ConfigMap')?.metadata.name
  expect(settingsName).toMatch(/^tocsin-\w{10}$/)
  for (const one of built.filter(({ kind }) => kind === 'Deployment' || kind === 'Job')) {
    const [first] = workload.parse(one).spec.template.spec.containers
    expect(first?.envFrom).toEqual([{ configMapRef: { name: settingsName } }])
    expect(first?.image).toMatch(/^registry\.example\.com\/tocsin:\d+\.\d+\.\d+$/)
  }
})

describe('the manifests for Kubernetes', () => {
  it('are all applied, and hold the whole topology', () => {
    const own = globSync('*.yaml', { cwd: folder }).filter(
      (name) => !['kustomization.yaml', 'prometheus-adapter.values.yaml'].includes(name),
    )
    expect(kustomization.resources.toSorted()).toEqual(own.toSorted())
    expect(objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`).toSorted()).toEqual([
      'Deployment tocsin-api',
      'Deployment tocsin-worker',
      'HorizontalPodAutoscaler tocsin-worker',
      'Job tocsin-prepare',
      'Namespace tocsin',
      'PodDisruptionBudget tocsin-api',
      'PodDisruptionBudget tocsin-worker',
      'Service tocsin-api',
      'ServiceAccount tocsin',
    ])
  })

  it.each(containers)('$name runs a file that there is, as the image has it', ({ command: [program, path = ''], image }) => {
    expect(program).toBe('node')
    expect(existsSync(join(folder, '../..', path)), path).toBe(true)
    expect(image).toBe('tocsin')
  })

  it.each(containers)('$name gets settings and secrets that the code reads, and secrets by reference only', ({ env }) => {
    const known = [...`${read('config.ts')}\n${read('temporal.config.ts')}`.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name)
    expect(Object.keys(settings).filter((name) => !known.includes(name))).toEqual([])
    expect(Object.keys(settings).filter((name) => /KEY|PASSWORD|SECRET|DATABASE_URL/.test(name))).toEqual([])
    expect(env.filter(({ name, valueFrom: { secretKeyRef } }) => !known.includes(name) || secretKeyRef.key !== name)).toEqual([])
    expect(new Set(env.map(({ valueFrom }) => valueFrom.secretKeyRef.name))).toEqual(new Set(['tocsin']))
  })

  it.each(deployments)('$metadata.name is asked for life and readiness where it answers', ({ spec }) => {
    const [one] = spec.template.spec.containers
    const port = one?.ports[0]
    const variable = one?.name === 'worker' ? 'TOCSIN_WORKER_PORT' : 'PORT'
    expect(String(port?.containerPort)).toBe(settings[variable])
    expect(settings.HOST).toBe('0.0.0.0')
    expect([one?.startupProbe, one?.livenessProbe].map((asked) => asked?.httpGet.path)).toEqual(['/health', '/health'])
    expect(one?.readinessProbe?.httpGet.path).toBe('/ready')
    for (const asked of [one?.startupProbe, one?.livenessProbe, one?.readinessProbe]) expect(asked?.httpGet.port).toBe(port?.name)
    expect(spec.template.metadata.annotations['prometheus.io/port']).toBe(settings[variable])
  })

  it.each(deployments)('$metadata.name has longer to end than it takes', ({ spec }) => {
    const [, seconds] = /shutdownForceTime: '(\d+)s'/.exec(read('workers/crew.ts')) ?? []
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds))
  })

  it('select pods that there are', () => {
    const selectors = objects
      .filter(({ kind }) => ['Service', 'PodDisruptionBudget', 'Deployment'].includes(kind))
      .map((object) => ({ ...object, selector: selecting.parse(object).spec.selector }))
    expect(selectors).toHaveLength(5)
    for (const { metadata, kind, selector } of selectors) {
      const wanted = labels.parse('matchLabels' in selector ? selector.matchLabels : selector)
      const owner = deployments.find(({ metadata: { name } }) => name === metadata.name)
      expect(owner?.spec.template.metadata.labels, `${kind} ${metadata.name}`).toMatchObject(wanted)
    }
  })

  it('scale workers by a metric that the rules record', () => {
    const adapter = z
      .object({ rules: z.object({ external: z.array(z.looseObject({ name: z.object({ as: z.string() }), metricsQuery: z.string() })) }) })
      .parse(parse(file('prometheus-adapter.values.yaml')))
    const [served] = adapter.rules.external
    const scaler = objects.find(({ kind }) => kind === 'HorizontalPodAutoscaler')
    expect(JSON.stringify(scaler)).toContain(`"metric":{"name":"${served?.name.as}"}`)
    const [, recorded] = /^max\((tocsin:[a-z0-9_:]+)\)$/.exec(served?.metricsQuery ?? '') ?? []
    expect(read('deploy/prometheus/tocsin.rules.yml')).toContain(`record: ${recorded}\n`)
  })
})
