/** What the server answered, as a value or as a CommandError that says why not. Read next: http.ts, codes.ts. */
import type { z } from 'zod'
import { CommandError, type ExitCode, exitCodes } from './codes.ts'
import { errorsOf, type HttpAnswer, type HttpClient, HttpUnreachable } from './http.ts'

type Method = Parameters<HttpClient['request']>[0]

/** The answer's body by `shape`. Throws a CommandError where the server refuses, or where it answers another shape. */
export async function ask<Shape extends z.ZodType>(
  server: HttpClient,
  shape: Shape,
  [method, path]: readonly [Method, string],
  body?: unknown,
): Promise<z.output<Shape>> {
  const answer = await server.request(method, path, body)
  if (answer.status >= 300) throw refusal(answer)
  const parsed = shape.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new CommandError(`${method} ${path}: the server answers in another way than this version reads`, exitCodes.unavailable)
}

/** Of a server that isn't Tocsin: where it doesn't answer, what `npm start` does has nothing to do with it. */
export async function fromElsewhere<Found>(asking: Promise<Found>): Promise<Found> {
  try {
    return await asking
  } catch (error) {
    throw error instanceof HttpUnreachable ? new CommandError(error.message, exitCodes.unavailable) : error
  }
}

/** What the server refused, with what it said. */
export function refusal(answer: HttpAnswer, what = ''): CommandError {
  return new CommandError(`${what === '' ? '' : `${what}: `}${errorsOf(answer)}`, codeOf(answer.status))
}

/** Keys that are refused, limits and outages have nothing to do with what was asked. */
function codeOf(status: number): ExitCode {
  return status === 401 || status === 403 || status === 429 || status >= 500 ? exitCodes.unavailable : exitCodes.wrong
}
