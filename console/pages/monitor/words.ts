/** The engine's reasons as sentences, values and lengths of time as people read them. Pure. */

const reasons: Readonly<Record<string, string>> = {
  'threshold-crossed': 'The value crossed the threshold',
  'threshold-recovered': 'The value is back within bounds',
  'data-missing': 'There was no data for too long',
  'data-returned': 'Data came again',
  'missing-data-resolves': 'No data counts as resolved',
  'resolved-by-hand': 'Resolved by hand',
  'timed-out': 'Resolved by itself after a time',
  'evaluation-failed': 'The evaluation failed',
  'evaluation-recovered': 'The evaluation works again',
  'downtime-ended': 'A downtime ended',
  'cause-ended': 'What caused it is over',
  flapping: 'It changes too often',
  settled: 'It has settled',
  renotify: 'It still holds',
  'scheduled-run': 'A scheduled run',
  'caught-up': 'Caught up after a time away',
  'bundle-changed': 'Other groups of its bundle changed',
  acknowledged: 'Somebody acknowledged it',
  unacknowledged: 'The acknowledgment was taken back',
}

const decisions: Readonly<Record<string, string>> = {
  'entered-alert': 'it went into Alert',
  'entered-warn': 'it went into Warn',
  'entered-no-data': 'its data stopped',
  recovered: 'it recovered',
  'recovered-from-no-data': 'its data came again',
  'recovered-from-unknown': 'it is known again',
  'downtime-expired': 'a downtime ended, and it still holds',
  'downtime-canceled': 'a downtime was canceled, and it still holds',
  renotify: 'it is time to say it again',
  'scheduled-run': 'each scheduled run is told',
  'late-note': 'it is told late',
  'cause-ended': 'what caused it is over, and it still holds',
  flapping: 'it changes too often, which is said once',
  settled: 'it has settled',
  'held-by-downtime': 'a downtime or mute holds it',
  'held-by-cause': 'what causes it is told already',
  'held-while-flapping': 'it changes too often',
  'held-until-caught-up': 'the monitor first catches up',
  'told-with-its-bundle': 'it is told with its bundle',
  draft: 'the monitor is a draft',
  'no-data-not-asked-for': 'missing data isn’t to be told',
  'unknown-is-only-shown': 'Unknown is only shown',
  'episode-was-never-told': 'nobody was told that it began',
  acknowledged: 'an acknowledgment is only shown',
  unacknowledged: 'it is only shown',
}

export const reasonText = (reason: string): string => reasons[reason] ?? reason.replaceAll('-', ' ')

export function decisionText({ send, reason }: Readonly<{ send: boolean; reason: string }>): string {
  return `${send ? 'Told' : 'Not told'}: ${decisions[reason] ?? reason.replaceAll('-', ' ')}`
}

const large = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** `unit` as drawings say it. */
export function valueText(value: number | null, unit: string | null = null): string {
  if (value === null) return '–'
  switch (unit) {
    case 'percent':
      return `${plain(value)} %`
    case 'seconds':
      return `${plain(value)} s`
    case 'milliseconds':
      return `${plain(value)} ms`
    case 'bytes':
      return bytesText(value)
    default:
      return plain(value)
  }
}

function plain(value: number): string {
  const found = large.find(([size]) => Math.abs(value) >= size && Math.abs(value) >= 10_000)
  return found === undefined ? String(Number(value.toPrecision(4))) : `${Number((value / found[0]).toPrecision(4))}${found[1]}`
}

const powers = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

function bytesText(value: number): string {
  const power = Math.min(powers.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(value) || 1) / 10)))
  return `${Number((value / 1_024 ** power).toPrecision(3))} ${powers[power] ?? ''}`
}

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** `3 h 20 min`: two units are enough. */
export function lengthText(ms: number): string {
  const first = units.findIndex(([size]) => ms >= size)
  if (first === -1) return `${Math.round(ms)} ms`
  const [[size, name] = [1, 'ms'], second] = units.slice(first, first + 2)
  const [whole, rest] = [Math.floor(ms / size), ms % size]
  const more = second === undefined ? 0 : Math.floor(rest / second[0])
  return more === 0 || second === undefined ? `${whole} ${name}` : `${whole} ${name} ${more} ${second[1]}`
}

const clock = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** By the clock of the reader's zone. */
export const clockText = (at: string | number): string => clock.format(new Date(at))
