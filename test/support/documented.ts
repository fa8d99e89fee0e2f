/** Holds every answer of an app against its OpenAPI document: what isn't documented is a problem, named with its request. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import express, { type Express, type RequestHandler } from 'express'
import { operations } from '../../api/openapi/all.ts'
import { openApiDocument } from '../../api/openapi/document.ts'

export type Documented = Readonly<{ app: Express; problems: readonly string[] }>

const document = openApiDocument(operations, 'test')
const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema(document, 'document')
const validators = new Map<string, ValidateFunction>()

/** Static paths first: `/monitor/search` is no id of a monitor. */
const paths = Object.entries(document.paths)
  .map(([path, methods]) => ({ path, methods, pattern: patternOf(path), parameters: path.split('{').length }))
  .sort((one, other) => one.parameters - other.parameters)

/** As many as a person reads. */
const problemsMax = 20

/** `except`: answers that a fake makes up, as `POST /path → 200`. */
export function documented(inner: Express, except: readonly string[] = []): Documented {
  const problems: string[] = []
  const watch: RequestHandler = (req, res, next) => {
    const end = res.end.bind(res)
    let text = ''
    Object.assign(res, {
      end: (...given: unknown[]) => {
        const [chunk] = given
        if (typeof chunk === 'string' || chunk instanceof Uint8Array) text = Buffer.from(chunk).toString('utf8')
        return Reflect.apply(end, res, given)
      },
    })
    res.once('finish', () => {
      const problem = problemOf(req.method, req.originalUrl, res.statusCode, String(res.getHeader('content-type') ?? ''), text)
      if (problem === null || except.some((name) => problem.startsWith(name))) return
      if (problems.length < problemsMax && !problems.includes(problem)) problems.push(problem)
    })
    next()
  }
  const app = express()
  app.disable('etag')
  app.use(watch, inner)
  return { app, problems }
}

/** null = it is as documented. */
function problemOf(verb: string, address: string, status: number, type: string, text: string): string | null {
  if (verb === 'OPTIONS') return null
  const method = verb === 'HEAD' ? 'get' : verb.toLowerCase()
  const [path = ''] = address.split('?')
  const found = paths.find(({ pattern, methods }) => pattern.test(path) && method in methods)
  if (found === undefined) return status < 400 ? `${verb} ${path} → ${status}: no such operation` : null
  const operation = found.methods[method]
  const answer = operation?.responses[String(status)]
  const name = `${verb} ${found.path} → ${status}`
  if (answer === undefined) return `${name}: not documented; ${text.slice(0, 200)}`
  const schema = answer.content?.['application/json']
  if (schema === undefined || verb === 'HEAD') return null
  if (!type.startsWith('application/json')) return `${name}: expected JSON, got ${type}`
  const validate = validatorOf(found.path, method, status)
  if (validate(JSON.parse(text))) return null
  const wrong = (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  return `${name}: ${wrong.slice(0, 3).join('; ')}`
}

function validatorOf(path: string, method: string, status: number): ValidateFunction {
  const escaped = [path, method].map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
  const pointer = `document#/paths/${escaped.join('/')}/responses/${status}/content/application~1json/schema`
  const known = validators.get(pointer)
  if (known !== undefined) return known
  const made = ajv.compile({ $ref: encodeURI(pointer) })
  validators.set(pointer, made)
  return made
}

/** Keys of files hold slashes. */
function patternOf(path: string): RegExp {
  const parts = path.split(/\{\w+\}/).map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join(path.includes('/by-key/') ? '.+' : '[^/]+')}/?$`, 'i')
}
