/**
 * The OpenAPI 3.1 document: every operation of all.ts, its shapes made of the zod schemas that check requests.
 * Never says anything that isn't in them. Read next: operation.ts, page.ts, routes/openapi.ts.
 */
import { z } from 'zod'
import { assertNever } from '../../core/assert.ts'
import { errorsAnswer, type Operation } from './operation.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export type OpenApiDocument = Readonly<{
  openapi: '3.1.0'
  info: Readonly<{ title: string; version: string; description: string; license: Readonly<{ name: string; identifier: string }> }>
  servers: readonly Readonly<{ url: string }>[]
  tags: readonly Readonly<{ name: string }>[]
  paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  components: Readonly<{ schemas: Readonly<Record<string, JsonObject>>; securitySchemes: JsonObject }>
}>

export type OperationObject = Readonly<{
  operationId: string
  tags: readonly string[]
  summary: string
  description: string
  security: readonly Readonly<Record<string, readonly string[]>>[]
  parameters: readonly ParameterObject[]
  requestBody?: Readonly<{ required: boolean; content: Content }>
  responses: Readonly<Record<string, Readonly<{ description: string; content?: Content }>>>
}>

export type ParameterObject = Readonly<{ name: string; in: 'path' | 'query'; required: boolean; schema: JsonObject }>
type Content = Readonly<Record<string, Readonly<{ schema: JsonObject }>>>

const securitySchemes = {
  apiKey: { type: 'apiKey', in: 'header', name: 'DD-API-KEY' },
  applicationKey: { type: 'apiKey', in: 'header', name: 'DD-APPLICATION-KEY' },
} as const

export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const schemas: Record<string, JsonObject> = {}
  const shape: Shape = (schema) => jsonSchemaOf(schema, schemas)
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const operation of operations) {
    const methods = paths[operation.path] ?? {}
    methods[operation.method] = operationObject(operation, shape)
    paths[operation.path] = methods
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version,
      description: 'Monitors, downtimes, notifications and what is pushed. Datadog’s paths, and some of our own.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))), securitySchemes },
  }
}

type Shape = (schema: z.ZodType) => JsonObject

function operationObject(operation: Operation, shape: Shape): OperationObject {
  const { method, path, tag, summary, keys, query, body, bodyRequired } = operation
  return {
    operationId: `${method}${path.replace(/[^A-Za-z0-9]+(.?)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [tag],
    summary,
    description: keysSentence(operation),
    security: keys === 'none' ? [] : [keys === 'api' ? { apiKey: [] } : { apiKey: [], applicationKey: [] }],
    parameters: [...pathParameters(path), ...(query === null ? [] : queryParameters(query, shape))],
    ...(body === null ? {} : { requestBody: { required: bodyRequired, content: json(shape(body)) } }),
    responses: responsesOf(operation, shape),
  }
}

function keysSentence({ keys, role }: Operation): string {
  switch (keys) {
    case 'none':
      return 'Needs no key.'
    case 'api':
      return 'Needs an API key.'
    case 'both':
      return `Needs both keys, with the role ${role} or more.`
    default:
      return assertNever(keys)
  }
}

function pathParameters(path: string): ParameterObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }))
}

function queryParameters(query: z.ZodObject, shape: Shape): ParameterObject[] {
  const { properties = {}, required = [] } = queryShape.parse(shape(query))
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
}

const queryShape = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  required: z.array(z.string()).optional(),
})

function responsesOf({ answers, errors }: Operation, shape: Shape): OperationObject['responses'] {
  const said = Object.entries(answers).map(([status, answer]) => [status, response(Number(status), answer, shape)] as const)
  const refusals = errors
    .filter((status) => !(status in answers))
    .map((status) => [String(status), response(status, errorsAnswer, shape)] as const)
  return Object.fromEntries([...said, ...refusals])
}

function response(status: number, answer: z.ZodType | string | null, shape: Shape): Readonly<{ description: string; content?: Content }> {
  const description = descriptions[status] ?? 'Done'
  if (answer === null) return { description }
  if (typeof answer === 'string') return { description, content: { [answer]: { schema: { type: 'string' } } } }
  return { description, content: json(shape(answer)) }
}

const descriptions: Readonly<Record<number, string>> = {
  201: 'Created',
  202: 'Taken',
  204: 'Done, without a body',
  400: 'Something in the request is wrong; nothing was changed',
  401: 'A key is missing',
  403: 'A key is unknown, or its role may not do this',
  404: 'There is no such thing',
  409: 'Not in the state that it is in',
  413: 'The body is too large',
  415: 'The body’s encoding is not understood',
  429: 'Too many requests: try again after Retry-After seconds',
  431: 'The address and the headers are too large',
  501: 'This process can’t do that',
  503: 'Something that is needed is away: try again later',
}

const json = (schema: JsonObject): Content => ({ 'application/json': { schema } })

/** What a client may send, or reads; named shapes become components. */
function jsonSchemaOf(schema: z.ZodType, components: Record<string, JsonObject>): JsonObject {
  // What is refined or transformed stays what is sent: the document says the rest in words at most.
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' })
  const {
    $schema: _,
    $defs: defs = {},
    ...own
  } = relocated.parse(JSON.parse(JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/')))
  for (const [name, def] of Object.entries(defs)) components[name] = plain(def)
  return plain(own)
}

const relocated = z.looseObject({
  $schema: z.unknown().optional(),
  $defs: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})

/** Bounds beyond what a JavaScript number holds exactly say nothing to a reader. */
function plain(schema: JsonObject): JsonObject {
  const { id: _, ...rest } = schema
  return Object.fromEntries(Object.entries(rest).filter(([name, value]) => !isBoundOfNumbers(name, value)))
}

function isBoundOfNumbers(name: string, value: unknown): boolean {
  return (name === 'maximum' || name === 'minimum') && typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER
}
