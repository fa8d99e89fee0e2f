/**
 * What a function of the metric language is: a run of its operand in, a run of values out. Which runs of its operand it reads
 * may depend on its arguments and on the run that is asked for, never on values: who asks sources finds out by trying on nothing.
 * Read next: functions.ts, the table of them.
 */
import { durationMs } from '../arguments.ts'
import type { Frame, Span } from '../frame.ts'
import type { Argument } from '../metric-nodes.ts'
import { Impossible } from './impossible.ts'

export type Call = Readonly<{
  name: string
  args: Arguments
  /** The operand's keys, sorted. */
  groupBy: readonly string[]
  /** The operand over any run; a longer one is how a function looks back. */
  operand: (span: Span) => Frame
  /** Groups that the operand had in the time up to the end of the run. */
  known: (span: Span) => readonly string[]
  /** The run over which the answer is asked for. */
  span: Span
}>

/** Answers a frame on `call.span`. */
export type MetricFunction = (call: Call) => Frame

export type Arguments = Readonly<{
  /** By its name, or else by its place, from 0. */
  number: (name: string, place: number) => number | null
  /** In lower case. */
  text: (name: string, place: number) => string | null
  /** Seconds, or a text such as `30m`, in ms. */
  duration: (name: string, place: number) => number | null
  /** All that have no name, as text. */
  texts: readonly string[]
}>

export function argumentsOf(args: readonly Argument[]): Arguments {
  const placed = args.filter(({ name }) => name === null)
  const find = (name: string, place: number) => args.find((argument) => argument.name === name) ?? placed[place]
  return {
    number: (name, place) => {
      const value = find(name, place)?.value
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) ? number : null
    },
    text: (name, place) => {
      const value = find(name, place)?.value
      // How choices are written doesn't matter.
      return value === undefined ? null : String(value).toLowerCase()
    },
    duration: (name, place) => {
      const value = find(name, place)?.value
      return value === undefined ? null : durationMs(value)
    },
    texts: placed.map(({ value }) => String(value)),
  }
}

/** An argument that must be there. */
export function requiredNumber({ name, args }: Call, argument: string, place: number): number {
  const value = args.number(argument, place)
  if (value === null) throw new Impossible(`${name}() needs a number: its ${argument}`)
  return value
}

/** `buckets` more before the run. */
export function longer(span: Span, buckets: number): Span {
  return { ...span, length: span.length + buckets }
}

/** The same run, so long ago. */
export function earlier(span: Span, ms: number): Span {
  return { ...span, toMs: span.toMs - ms }
}

/** Buckets that cover so much time. */
export function bucketsIn(ms: number, { stepMs }: Span): number {
  return Math.ceil(ms / stepMs)
}
