import { lookUp } from '../context.ts'
import type { Surroundings } from './evaluate.ts'
import type { Argument, Call } from './nodes.ts'

/** `note`: the block asks what nobody can answer, and counts as false. */
export type Judged = Readonly<{ holds: boolean; note: string | null }>

/** Whether a block renders. A name holds unless it is false, empty or unknown; 0 is a value like any other. */
export function judge(call: Call, { names, priority }: Surroundings): Judged {
  const [subject, ...rest] = call.arguments
  if (subject === undefined) return answer(isSomething(lookUp(names, call.name)))
  // What isn't there reads as an empty text: `is_exact_match "host.name" ""` asks for that.
  const value = String(lookUp(names, textOf(subject)) ?? '')
  switch (call.name) {
    case 'is_match':
      return answer(rest.some((argument) => value.includes(textOf(argument))))
    case 'is_exact_match':
      return answer(rest.some((argument) => value === textOf(argument)))
    case 'is_priority':
      return answer(call.arguments.some((argument) => priorityOf(textOf(argument)) === priority && priority !== null))
    default:
      return { holds: false, note: `The block ${call.name} in line ${call.place.line} is unknown and counts as false.` }
  }
}

/** `P1` … `P5` as a number; null = it is none. */
export function priorityOf(text: string): number | null {
  const [, digit] = /^[pP]?([1-5])$/.exec(text.trim()) ?? []
  return digit === undefined ? null : Number(digit)
}

export function textOf(argument: Argument): string {
  return argument.kind === 'number' ? String(argument.number) : argument.text
}

function answer(holds: boolean): Judged {
  return { holds, note: null }
}

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== ''
}
